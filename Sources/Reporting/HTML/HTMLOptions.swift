/// How the HTML report is made.
package struct HTMLOptions: Sendable {
  /// Rows that the table holds unless told: what a browser still scrolls with ease.
  package static let defaultRowLimit = 5000

  package let templates: HTMLTemplates
  package let language: Language
  /// Rows that the table holds at most; the summary above it counts all.
  package let rowLimit: Int

  package init(templates: HTMLTemplates, language: Language, rowLimit: Int = defaultRowLimit) {
    self.templates = templates
    self.language = language
    self.rowLimit = rowLimit
  }
}
