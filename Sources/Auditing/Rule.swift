package import InventoryModel
import TextFormats

/// A rule of the audit: its name and severity, its title in the reports, and what it finds. Each has a file in `Rules`.
package struct Rule: Sendable {
  package let rule: AuditRule
  /// Describes what is wrong with a row, without secrets; nil when nothing is. nil for the rules that compare rows,
  /// which the ledger applies.
  let detail: (@Sendable (AuditedRow) -> String?)?
  private let titles: [(language: String, title: String)]

  init(
    _ rule: AuditRule, en: String, es: String, pt: String, detail: (@Sendable (AuditedRow) -> String?)? = nil
  ) {
    self.rule = rule
    self.detail = detail
    titles = [("en", en), ("es", es), ("pt", pt)]
  }

  /// The title in one of the program's own languages; nil for any other code.
  package func title(inLanguage code: String) -> String? { titles.first { $0.language == code }?.title }

  /// All rules, in the order of the documentation.
  package static let all: [Rule] = [
    .webhookNotHTTPS, .webhookNotPublic, .webhookInvalid, .webhookHasSecret, .secretInResponse, .hostNotAllowed,
    .webhookUnexpected, .noAuth, .brainMismatch, .webhookShared, .stale, .timeInconsistent, .unknownAuthType,
    .unexpectedField, .duplicateRow,
  ]
}

extension AuditRule {
  private static let byName = Dictionary(uniqueKeysWithValues: Rule.all.map { (ExactText($0.rule.name), $0.rule) })

  /// nil when this program has no rule of that name.
  package init?(named name: String) {
    guard let rule = Self.byName[ExactText(name)] else { return nil }
    self = rule
  }
}
