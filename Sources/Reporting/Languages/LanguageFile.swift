import TextFormats

/// The content of a language file: lines `KEY = TEXT`, comments after `#`, and empty lines.
///
/// A text with a number has one form for each plural form of the language, such as `rows.one` and `rows.other`. The
/// number replaces `{n}`. If all forms are the same, `KEY = TEXT` alone stands for them. Lines such as
/// `plural.one = n = 1` state when a form applies.
struct LanguageFile {
  private(set) var words: [String: Word] = [:]
  private(set) var rules = PluralRules.standard

  /// The path, for messages.
  private let path: String

  /// A text of the file with the line on which it stands.
  private struct Entry {
    let text: String
    let line: Int
  }

  /// The texts of a key. The text without a form has the form nil.
  private typealias Forms = [PluralForm?: Entry]

  /// - Parameter base: The language that defines the keys, their plural forms, and their placeholders; nil for the base
  ///   itself.
  /// - Throws: ``TemplateError`` with the line and the key of a mistake.
  init(_ text: String, path: String, base: [String: Word]? = nil) throws(TemplateError) {
    self.path = path
    let (entries, rules) = try Self.read(text, path: path)
    if let rules { self.rules = rules }
    for (key, forms) in entries.sorted(by: { $0.line < $1.line }).map({ ($0.key, $0.forms) }) {
      words[key] = try word(key, forms, base: base)
    }
    try checkMonths(entries)
    try checkDistinctTexts(entries, base: base)
    try checkSheetNames(entries)
  }

  // MARK: - Lines

  private typealias KeyedForms = (key: String, line: Int, forms: Forms)

  private static func read(_ text: String, path: String) throws(TemplateError) -> ([KeyedForms], PluralRules?) {
    var entries: [String: Forms] = [:]
    var firstLines: [String: Int] = [:]
    var rules: PluralRules?
    // Works on Unicode scalars: a Windows line break is one Character, and so is a delimiter with a combining accent.
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      func mistake(_ reason: String) -> TemplateError { TemplateError(file: path, line: index + 1, reason: reason) }
      guard !line.trimmed.isEmpty, line.first != "#" else { continue }
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { throw mistake("expected KEY = TEXT, or a comment that begins with #") }
      let (name, text) = (parts[0].trimmed, parts[1].trimmed)
      if name.hasPrefix(rulePrefix) {
        guard let form = PluralForm(rawValue: String(name.dropFirst(rulePrefix.count))), form != .other else {
          throw mistake("\(name.visible) is not a plural form that can have a rule (zero, one, two, few, many)")
        }
        if rules?.forms.contains(form) == true { throw mistake("there are two rules \(name)") }
        if rules == nil { rules = PluralRules() }
        guard rules?.add(form, text) == true else {
          throw mistake("the rule \(name) is not a condition such as \"n % 10 = 2..4 and n % 100 != 12..14\"")
        }
        continue
      }
      let (key, form) = split(name)
      if let first = entries[key]?[form] {
        throw mistake("\(name.visible) is already defined on line \(first.line)")
      }
      entries[key, default: [:]][form] = Entry(text: text, line: index + 1)
      firstLines[key] = firstLines[key] ?? index + 1
    }
    return (entries.map { ($0.key, firstLines[$0.key] ?? 0, $0.value) }, rules)
  }

  private static let rulePrefix = "plural."

  /// Splits `rows.one` into the key `rows` and its form.
  private static func split(_ name: String) -> (key: String, form: PluralForm?) {
    for form in PluralForm.allCases where name.hasSuffix(".\(form)") {
      return (String(name.dropLast(form.rawValue.count + 1)), form)
    }
    return (name, nil)
  }

  // MARK: - Checks

  private func word(_ key: String, _ forms: Forms, base: [String: Word]?) throws(TemplateError) -> Word {
    let line = forms.values.map(\.line).min() ?? 0
    func mistake(_ reason: String, line: Int = line) -> TemplateError {
      TemplateError(file: path, line: line, reason: reason)
    }
    let reference = base?[key]
    guard base == nil || reference != nil else { throw mistake("unknown key \(key.visible)") }
    let name = Self.name(of: key)
    for (form, entry) in forms.sorted(by: { $0.value.line < $1.value.line }) {
      let expected = reference?.placeholders ?? Word.placeholders(of: (forms[.other] ?? entry).text)
      let given = Word.placeholders(of: entry.text)
      if let missing = expected.first(where: { !given.contains($0) }), key != Self.date {
        throw mistake("\(name(form)) lacks the placeholder {\(missing)}", line: entry.line)
      }
      let known = key == Self.date ? Word.datePlaceholders : expected
      if let unknown = given.first(where: { !known.contains($0) }) {
        throw mistake("\(name(form)) has an unknown placeholder {\(unknown.visible)}", line: entry.line)
      }
    }
    if key == Self.date, let entry = forms[nil] { try checkDate(entry) }
    if let single = forms[nil] {
      guard forms.count == 1 else { throw mistake("\(key) is defined both with and without plural forms") }
      return .single(single.text)
    }
    if let reference, !reference.dependsOnNumber { throw mistake("\(key) has no plural forms; write \(key) = TEXT") }
    let needed = rules.forms
    if let unused = PluralForm.allCases.first(where: { forms[$0] != nil && !needed.contains($0) }) {
      throw mistake(
        "\(name(unused)) is never used; add a line plural.\(unused) = RULE", line: forms[unused]?.line ?? line)
    }
    if let missing = needed.first(where: { forms[$0] == nil }) {
      let all = needed.map(\.rawValue).joined(separator: ", ")
      throw mistake("\(name(missing)) is missing; a text with a number needs the forms \(all)")
    }
    return .counted(Dictionary(uniqueKeysWithValues: needed.map { ($0, forms[$0]?.text ?? "") }), rules)
  }

  private static func name(of key: String) -> (PluralForm?) -> String {
    { form in form.map { "\(key).\($0)" } ?? key }
  }

  private static let date = "date"
  private static let months = "months"

  private func checkDate(_ entry: Entry) throws(TemplateError) {
    let given = Word.placeholders(of: entry.text)
    for alternatives in [["yyyy"], ["MM", "mon"], ["d", "dd"]] where !alternatives.contains(where: given.contains) {
      let names = alternatives.map { "{\($0)}" }.joined(separator: " or ")
      throw TemplateError(file: path, line: entry.line, reason: "date lacks the placeholder \(names)")
    }
  }

  private func checkMonths(_ entries: [KeyedForms]) throws(TemplateError) {
    for entry in entries where entry.key == Self.months {
      let count = entry.forms[nil]?.text.split(separator: " ").count ?? 0
      guard count != 12 else { continue }
      throw TemplateError(
        file: path, line: entry.line, reason: "months has \(count) names separated by spaces; 12 are required")
    }
  }

  /// Groups of texts that the page's script or a spreadsheet tells apart by their text.
  private static let distinctPrefixes = ["severity_", "change_", "sheet_name_"]

  private func checkDistinctTexts(_ entries: [KeyedForms], base: [String: Word]?) throws(TemplateError) {
    for prefix in Self.distinctPrefixes {
      var keys: [String: String] = [:]
      // Texts that the file lacks come from the base.
      let all = (base ?? [:]).merging(words) { $1 }
      for (key, word) in all.sorted(by: { $0.key < $1.key }) where key.hasPrefix(prefix) {
        guard !key.hasPrefix("change_about_"), case .single(let text) = word else { continue }
        guard let other = keys.updateValue(key, forKey: text.lowercased()) else { continue }
        let line = entries.filter { $0.key == key || $0.key == other }.map(\.line).max()
        throw TemplateError(file: path, line: line, reason: "\(other) and \(key) must differ")
      }
    }
  }

  /// Maximum length of a sheet's name in UTF-16: Excel's 31, less a space and a number for further sheets.
  private static let longestSheetName = 25

  private func checkSheetNames(_ entries: [KeyedForms]) throws(TemplateError) {
    for entry in entries where entry.key.hasPrefix("sheet_name_") {
      let text = entry.forms[nil]?.text ?? ""
      let isAllowed =
        (1...Self.longestSheetName).contains(text.utf16.count) && !text.contains { "[]:*?/\\".contains($0) }
        && !text.hasPrefix("'") && !text.hasSuffix("'") && text.lowercased() != "history"
      guard !isAllowed else { continue }
      throw TemplateError(
        file: path, line: entry.line,
        reason: "\(entry.key) is not a name that Excel allows for a sheet: 1 to \(Self.longestSheetName) characters, "
          + "none of []:*?/\\, and no apostrophe at either end")
    }
  }
}

extension Substring.UnicodeScalarView {
  fileprivate var trimmed: String {
    let kept = drop { $0 == " " || $0 == "\r" }
    guard let last = kept.lastIndex(where: { $0 != " " && $0 != "\r" }) else { return "" }
    return String(kept[...last])
  }
}
