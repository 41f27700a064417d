/// Alters a text so that a spreadsheet that opens a CSV file shows it unchanged and runs no formula.
///
/// Spreadsheets interpret even a quoted cell as a formula or a number. An apostrophe in front makes it text. A text
/// that could be mistaken for one with such an apostrophe gets another one, so that ``original(of:isIdentifier:)`` is
/// exact.
package enum SpreadsheetCell {
  /// The maximum length of an Excel cell, in UTF-16 code units.
  package static let longest = 32_767
  /// The end of a truncated text.
  package static let cutMark = "…[cut]"

  /// The altered text; nil if no change is needed.
  ///
  /// - Parameter isIdentifier: whether the text is an ID, which must not become a date, a Boolean value or a number
  ///   either. In other cells, these conversions are welcome unless they would lose digits.
  package static func alteration(of text: String, isIdentifier: Bool) -> String? {
    let needsApostrophe = isProtected(text, isIdentifier: isIdentifier)
    let room = longest - (needsApostrophe ? 1 : 0)
    // A text never has fewer UTF-8 bytes than UTF-16 code units.
    guard text.utf8.count > room, text.utf16.count > room else { return needsApostrophe ? "'" + text : nil }
    return (needsApostrophe ? "'" : "") + cut(text, to: room - cutMark.utf16.count) + cutMark
  }

  /// The text from which ``alteration(of:isIdentifier:)`` created this cell; nil if the cell is the text itself.
  ///
  /// A truncated text stays truncated; see ``isCut(_:)``.
  package static func original(of cell: String, isIdentifier: Bool) -> String? {
    guard cell.utf8.first == UInt8(ascii: "'"), isProtected(cell, isIdentifier: isIdentifier) else { return nil }
    return String(cell.unicodeScalars.dropFirst())
  }

  /// Whether this cell holds a truncated text.
  package static func isCut(_ cell: String) -> Bool {
    cell.utf8.count >= longest && cell.utf16.count >= longest - 1 && cell.hasSuffix(cutMark)
  }

  /// Whether the text needs an apostrophe. Apostrophes at the start of the text are ignored.
  private static func isProtected(_ text: String, isIdentifier: Bool) -> Bool {
    if text.utf8.first == UInt8(ascii: "'") {
      let rest = String(text.unicodeScalars.drop { $0 == "'" })
      return isProtected(rest, isIdentifier: isIdentifier)
    }
    return runs(text) || losesDigits(text) || (isIdentifier && isTakenForAnotherKind(text))
  }

  /// The start of the text, at most `length` UTF-16 code units long, without splitting a Unicode scalar.
  private static func cut(_ text: String, to length: Int) -> String {
    var scalars = String.UnicodeScalarView()
    var left = length
    for scalar in text.unicodeScalars {
      left -= scalar.value > 0xFFFF ? 2 : 1
      guard left >= 0 else { break }
      scalars.append(scalar)
    }
    return String(scalars)
  }

  /// Whether a spreadsheet would run the text as a formula.
  ///
  /// The signs that begin a formula include the full-width forms of East Asian keyboards. Whitespace and invisible
  /// characters before the sign are skipped, as some programs do.
  private static func runs(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first else { return false }
    if first == "\t" || first == "\r" || first == "\n" { return true }
    let sign = text.unicodeScalars.first { !$0.properties.isWhitespace && !$0.isInvisible }
    return sign.map { "=+-@＝＋－＠".unicodeScalars.contains($0) } ?? false
  }

  /// Whether the text is a number with leading zeros, with more than 15 digits, or in E notation.
  private static func losesDigits(_ text: String) -> Bool {
    let bytes = text.utf8
    guard let first = bytes.first, isDigit(first), bytes.count <= 400 else { return false }
    var digits = 0
    var rest = bytes[...]
    while let byte = rest.first, isDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",") {
      if isDigit(byte) { digits += 1 }
      rest = rest.dropFirst()
    }
    if let sign = rest.first, sign == UInt8(ascii: "e") || sign == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest = rest.dropFirst() }
      return !rest.isEmpty && rest.allSatisfy(isDigit)
    }
    guard rest.isEmpty else { return false }
    let second = bytes.dropFirst().first
    return digits > 15 || (first == UInt8(ascii: "0") && second.map(isDigit) == true)
  }

  /// Whether a spreadsheet would show an ID as a date, a time, a fraction, an amount, a Boolean value or a rounded
  /// number.
  private static func isTakenForAnotherKind(_ text: String) -> Bool {
    let folded = text.lowercased()
    if ["true", "false", "verdadero", "falso", "verdadeiro"].contains(folded) { return true }
    let letters = folded.filter(\.isLetter)
    let hasDigits = folded.utf8.contains(where: isDigit)
    // An ordinary ID: digits only, which a spreadsheet does not change.
    if !folded.isEmpty, folded.utf8.allSatisfy(isDigit) { return false }
    guard hasDigits, folded.count <= 40 else { return false }
    let others = folded.filter { !$0.isLetter && !("0"..."9").contains($0) }
    guard others.allSatisfy({ ".,:/-+% $€£'".contains($0) }) else { return false }
    // `3 a` and `3:00p` are times, but `3a` is not.
    let isTime =
      ["am", "pm"].contains(letters) || (["a", "p"].contains(letters) && folded.contains { " :".contains($0) })
    return letters.isEmpty || isTime || isMonth(letters)
  }

  /// Whether the letters are an English, Spanish or Portuguese month name, or its first letters, at least three.
  ///
  /// - Parameter letters: in lowercase.
  package static func isMonth(_ letters: String) -> Bool {
    guard letters.count >= 3 else { return false }
    return months.contains { $0.hasPrefix(letters) }
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
    "noviembre", "diciembre", "janeiro", "fevereiro", "março", "maio", "junho", "julho", "setembro", "outubro",
    "novembro", "dezembro",
  ]

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
