/// A text of a language, in one form or in one form for each plural form.
enum Word: Sendable {
  case single(String)
  case counted([PluralForm: String], PluralRules)

  static let datePlaceholders = ["yyyy", "MM", "mon", "dd", "d"]

  /// The text for a number; without a number, the form `other`.
  func text(for number: Int? = nil) -> String {
    switch self {
    case .single(let text): text
    case .counted(let forms, let rules): forms[number.map(rules.form) ?? .other] ?? ""
    }
  }

  var dependsOnNumber: Bool {
    if case .counted = self { true } else { false }
  }

  /// The names in braces, each once, in order.
  var placeholders: [String] { Self.placeholders(of: text()) }

  static func placeholders(of text: String) -> [String] {
    var names: [String] = []
    Language.forEachPart(of: text) { _, name in
      if let name, !names.contains(String(name)) { names.append(String(name)) }
    }
    return names
  }
}
