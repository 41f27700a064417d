import InventoryModel
import TextFormats

/// Converts texts for the cells of a workbook, so that a spreadsheet reads back the original text.
enum CellText {
  /// Returns the text to pass to the library.
  ///
  /// - If part of the text looks like a character escape (ECMA-376 part 1 §22.9.2.19, `_x0041_`), its first
  ///   character is escaped. Characters that XML can't represent are escaped too, except control characters, which the
  ///   library escapes itself.
  /// - NUL becomes U+FFFD, as in the gateway's answers.
  /// - A text that is too long for a cell is cut, as in the CSV report for spreadsheets, and `isCut` is true.
  static func written(_ text: String) -> (text: String, isCut: Bool) {
    var copy = text
    if copy.withUTF8({ $0.count <= SpreadsheetCell.longest && !$0.needsCare }) { return (text, false) }
    var scalars = String.UnicodeScalarView()
    var length = 0
    // The end of the text if it must be cut.
    var end = scalars.startIndex
    let room = SpreadsheetCell.longest - SpreadsheetCell.cutMark.utf16.count
    var rest = text.unicodeScalars[...]
    while let scalar = rest.first {
      let piece = Self.piece(of: scalar, before: rest.dropFirst())
      length += piece.utf16.count
      guard length <= SpreadsheetCell.longest else {
        return (String(scalars[..<end]) + SpreadsheetCell.cutMark, true)
      }
      scalars += piece.unicodeScalars
      if length <= room { end = scalars.endIndex }
      rest.removeFirst()
    }
    return (String(scalars), false)
  }

  private static func piece(of scalar: Unicode.Scalar, before rest: Substring.UnicodeScalarView) -> String {
    switch scalar.value {
    case 0: "\u{FFFD}"
    case 0xFFFE, 0xFFFF: "_x\(String(scalar.value, radix: 16, uppercase: true))_"
    case 0x5F where beginsEscape(rest): "_x005F_"
    default: String(scalar)
    }
  }

  /// Whether an underscore before this text would be read as the beginning of an escape in the written file.
  private static func beginsEscape(_ rest: Substring.UnicodeScalarView) -> Bool {
    let next = rest.prefix(6)
    guard next.count == 6, next.first == "x", next.dropFirst().prefix(4).allSatisfy(\.properties.isASCIIHexDigit),
      let last = next.last
    else { return false }
    // The library escapes a control character with a sequence that begins with an underscore.
    return last == "_" || last.value < 0x20 || last.value == 0xFFFE || last.value == 0xFFFF
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether the text may contain something to escape: NUL, `_x`, or a character whose UTF-8 begins with 0xEF, the last
  /// range of three-byte characters.
  fileprivate var needsCare: Bool {
    var before: UInt8 = 1
    for byte in self {
      if byte == 0 || byte == 0xEF || (byte == UInt8(ascii: "x") && before == UInt8(ascii: "_")) { return true }
      before = byte
    }
    return false
  }
}
