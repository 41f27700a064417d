import InventoryModel
import TextFormats

/// Detects numbers, dates and times as spreadsheets and data frames write them in place of an ID.
enum FormattedValue {
  /// The minimum number of digits at which a number is considered rounded. A spreadsheet keeps 15 digits, and the three
  /// that follow can't all be zeros by chance.
  static let roundedDigits = 18

  /// Whether the text is a shortened number: `1.23E+19`, `1e+05`, `1.5E10`, or 15 digits and at least three zeros.
  static func isShortenedNumber(_ text: String) -> Bool {
    var bytes = Array(text.utf8)[...]
    if bytes.count >= roundedDigits, bytes.allSatisfy(\.isDigit) {
      return bytes.dropFirst(15).allSatisfy { $0 == UInt8(ascii: "0") }
    }
    if let sign = bytes.first, "+-".utf8.contains(sign) { bytes.removeFirst() }
    guard let mark = bytes.lastIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return false }
    let parts = bytes[..<mark].split(omittingEmptySubsequences: false) { ".,".utf8.contains($0) }
    guard parts.count <= 2, parts.allSatisfy(isNumeral) else { return false }
    var exponent = bytes[(mark + 1)...]
    let sign = exponent.first.flatMap { "+-".utf8.contains($0) ? $0 : nil }
    if sign != nil { exponent.removeFirst() }
    // Without a fraction or a plus sign, the text could also be hexadecimal.
    return isNumeral(exponent) && (sign == UInt8(ascii: "+") || parts.count == 2)
  }

  /// Whether the text is a number with a fraction, digit groups, a currency sign or a percent sign: `1001.0`, `1001,5`,
  /// `1,001`, `1 001`, `$1001`.
  static func isNumber(_ text: String) -> Bool {
    var bytes = Array(text.utf8)[...]
    if let sign = bytes.first, "+-".utf8.contains(sign) { bytes.removeFirst() }
    let length = bytes.count
    if bytes.first == UInt8(ascii: "$") { bytes.removeFirst() }
    if bytes.last == UInt8(ascii: "%") { bytes.removeLast() }
    let groups = bytes.split(omittingEmptySubsequences: false) { ".,' ".utf8.contains($0) }
    let separators = bytes.filter { !$0.isDigit }
    guard groups.allSatisfy(isNumeral), let first = groups.first else { return false }
    switch groups.count {
    case 1: return bytes.count < length
    case 2 where ".,".utf8.contains(separators[0]): return true
    default:
      // The last separator may be the decimal separator.
      let hasFraction = separators.count > 1 && separators.last != separators.first
      let whole = separators.dropLast(hasFraction ? 1 : 0)
      return first.count <= 3 && whole.allSatisfy { $0 == separators[0] }
        && groups[1...whole.count].allSatisfy { $0.count == 3 }
    }
  }

  /// Whether the text is a date or a time: `2026-01-05`, `05/01/2026`, `5-ene`, `Jan-26`, `12:30`, or both together.
  static func isDate(_ text: String) -> Bool {
    guard text.utf8.contains(UInt8(ascii: ":")) else { return isDay(text[...]) }
    guard let space = text.lastIndex(where: { $0 == " " || $0 == "T" }) else { return isTime(text[...]) }
    let (before, after) = (text[..<space], text[text.index(after: space)...])
    // In `3:00 PM`, the space is part of the time.
    if ["am", "pm", "a.m.", "p.m."].contains(after.lowercased()) { return isDate(String(before)) }
    return isDay(before) && isTime(after)
  }

  private static func isTime(_ text: Substring) -> Bool {
    let digits = text.last == "Z" ? text.dropLast() : text
    let parts = digits.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), let hour = Int(parts[0]), hour < 24, parts[0].utf8.count <= 2 else {
      return false
    }
    return parts.dropFirst().allSatisfy { part in
      part.utf8.count >= 2 && part.utf8.first?.isDigit == true && Double(part) ?? 60 < 60
    }
  }

  private static func isDay(_ text: Substring) -> Bool {
    let parts = text.split(omittingEmptySubsequences: false) { "-/. ".contains($0) }
    guard (2...3).contains(parts.count), let separator = text.first(where: { "-/. ".contains($0) }) else {
      return false
    }
    let lengths = parts.map { isNumeral(Array($0.utf8)[...]) ? $0.utf8.count : 0 }
    let numbers = zip(parts, lengths).map { $1 > 0 && $1 <= 4 ? Int($0) : nil }
    func isMonth(_ index: Int) -> Bool { SpreadsheetCell.isMonth(parts[index].lowercased()) }
    func isDayOfMonth(_ index: Int) -> Bool { numbers[index].map { (1...31).contains($0) } ?? false }
    func isYear(_ index: Int) -> Bool { lengths[index] == 4 || lengths[index] == 2 }
    if parts.count == 2 { return (isDayOfMonth(0) && isMonth(1)) || (isMonth(0) && isYear(1)) }
    if isMonth(1) { return isDayOfMonth(0) && isYear(2) }
    guard let first = numbers[0], let second = numbers[1], let third = numbers[2] else { return false }
    if lengths[0] == 4 { return (1...12).contains(second) && (1...31).contains(third) }
    guard lengths[2] == 4 || (lengths[2] == 2 && separator == "/") else { return false }
    return isDayOfMonth(0) && isDayOfMonth(1) && min(first, second) <= 12
  }

  private static func isNumeral(_ bytes: ArraySlice<UInt8>) -> Bool { !bytes.isEmpty && bytes.allSatisfy(\.isDigit) }
}

extension UInt8 {
  var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
}
