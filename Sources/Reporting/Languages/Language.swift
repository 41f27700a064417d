import InventoryModel
import TextFormats

/// The words of one language, and its number and date formats. The source is a file `languages/CODE.txt`; see
/// ``LanguageFile``.
package struct Language: Sendable {
  /// The value for the `lang` attribute of HTML: the file's name without its extension.
  package let code: String
  let words: [String: Word]
  private let numberGroup: String
  private let numberDecimal: String
  private let months: [String]
  /// The parts of the date format, which is the word `date`. It is parsed once, because pages have two dates per row.
  private let dateParts: [DatePart]

  private enum DatePart {
    case text(String)
    /// `{yyyy}`, `{MM}`, `{mon}`, `{dd}` and `{d}`.
    case year, month, monthName, day, dayWithoutZero
  }

  /// - Parameter base: Provides the words that the text lacks.
  /// - Throws: ``TemplateError`` if the text has a mistake that ``LanguageFile`` finds.
  init(code: String, text: String, file: String, base: Language? = nil) throws(TemplateError) {
    self.code = code
    let words = try LanguageFile(text, path: file, base: base?.words).words
    self.words = (base?.words ?? [:]).merging(words) { $1 }
    numberGroup = self.words["number_group"]?.text() ?? ""
    numberDecimal = self.words["number_decimal"]?.text() ?? "."
    months = (self.words["months"]?.text() ?? "").split(separator: " ").map(String.init)
    dateParts = Self.dateParts(self.words["date"]?.text() ?? "")
  }

  private static func dateParts(_ text: String) -> [DatePart] {
    var parts: [DatePart] = []
    forEachPart(of: text) { literal, name in
      if !literal.isEmpty { parts.append(.text(String(literal))) }
      switch name {
      case "yyyy"?: parts.append(.year)
      case "MM"?: parts.append(.month)
      case "mon"?: parts.append(.monthName)
      case "dd"?: parts.append(.day)
      case "d"?: parts.append(.dayWithoutZero)
      case let unknown?: parts.append(.text("{\(unknown)}"))
      case nil: break
      }
    }
    return parts
  }

  /// The words for templates, without those that depend on a number.
  var values: TemplateValues {
    var values = TemplateValues()
    for (key, word) in words where !word.dependsOnNumber { values.set(key, word.text()) }
    return values
  }

  /// Returns a word with its placeholders filled in.
  func word(_ key: String, _ values: KeyValuePairs<String, String> = [:]) -> String {
    guard let text = words[key]?.text() else { return key }
    return values.isEmpty ? text : Self.fill(text) { name in values.first { $0.key == name }?.value }
  }

  /// Returns the plural form of a word for a number, with its placeholders filled in. The number replaces `{n}`.
  func word(_ key: String, count: Int, _ values: KeyValuePairs<String, String> = [:]) -> String {
    Self.fill(words[key]?.text(for: count) ?? key) { name in
      name == "n" ? number(count) : values.first { $0.key == name }?.value
    }
  }

  /// Returns the number with its digits grouped in thousands.
  func number(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += numberGroup }
      text.append(digit)
    }
    return text
  }

  /// Returns the percentage in tenths of a percent. Rounding never turns a part into 0% or 100%.
  func share(_ count: Int, of whole: Int) -> String {
    let tenths =
      whole == 0 ? 0 : count == 0 ? 0 : count == whole ? 1000 : min(999, max(1, (count * 1000 + whole / 2) / whole))
    let text =
      tenths % 1000 == 0 ? String(tenths / 10) : "\(tenths / 10)\(numberDecimal)\(tenths % 10)"
    return word("percent", ["n": text])
  }

  func date(_ time: Timestamp) -> String {
    let written = Substring(time.description).utf8
    let (year, month, day) = (
      Substring(written.prefix(4)), Substring(written.dropFirst(5).prefix(2)), Substring(written.dropFirst(8).prefix(2))
    )
    var text = ""
    for part in dateParts {
      switch part {
      case .text(let literal): text += literal
      case .year: text += year
      case .month: text += month
      case .monthName:
        text += Int(month).flatMap { months.indices.contains($0 - 1) ? months[$0 - 1] : nil } ?? String(month)
      case .day: text += day
      case .dayWithoutZero: text += day.first == "0" ? day.dropFirst() : day
      }
    }
    return text
  }

  /// Returns the date, hour, and minute in UTC.
  func dateAndTime(_ time: Timestamp) -> String { "\(date(time)) \(time.description.dropFirst(11).prefix(5))" }

  func duration(from start: Timestamp, to end: Timestamp) -> String {
    let seconds = Int(max(0, end.milliseconds - start.milliseconds) / 1000)
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
    if hours > 0 { return "\(number(hours)) h \(minutes) min" }
    return minutes > 0 ? "\(minutes) min \(seconds % 60) s" : "\(seconds) s"
  }

  /// Fills in the placeholders in braces. It scans the text only once, so that braces within a value are not replaced.
  private static func fill(_ text: String, _ value: (Substring) -> String?) -> String {
    var filled = ""
    forEachPart(of: text) { literal, name in
      filled += literal
      if let name { filled += value(name) ?? "{\(name)}" }
    }
    return filled
  }

  /// Splits a text at its placeholders in braces. Calls the body with each name and the literal text before it, and
  /// finally with the text after the last name.
  static func forEachPart(of text: String, _ body: (_ literal: Substring, _ name: Substring?) -> Void) {
    var rest = text[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      body(rest[..<open], rest[rest.index(after: open)..<close])
      rest = rest[rest.index(after: close)...]
    }
    body(rest, nil)
  }
}
