import Reporting

extension HTMLOptions {
  /// The built-in page.
  static func english() throws -> HTMLOptions {
    let templates = try HTMLTemplates()
    guard let language = templates.language("en") else { fatalError("English is built in") }
    return HTMLOptions(templates: templates, language: language)
  }
}
