import InventoryModel
import TextFormats

/// A text as a cell of a workbook holds it: read back by a spreadsheet, it is what it was.
enum CellText {
  /// The text to hand to the library.
  ///
  /// - What looks like the escape of a character (ECMA-376 part 1 §22.9.2.19, `_x0041_`) has its first character
  ///   escaped. So are characters that XML can't hold, but for controls: these the library escapes by itself.
  /// - NUL becomes U+FFFD, as in the answers of the gateway.
  /// - What is longer than a cell may be is cut, as in the CSV for spreadsheets, and `isCut`.
  static func written(_ text: String) -> (text: String, isCut: Bool) {
    var copy = text
    if copy.withUTF8({ $0.count <= SpreadsheetCell.longest && !$0.needsCare }) { return (text, false) }
    var scalars = String.UnicodeScalarView()
    var length = 0
    // Where the text ends if it must be cut.
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

  /// Whether an underscore before this would be read as the beginning of an escape, once all is written.
  private static func beginsEscape(_ rest: Substring.UnicodeScalarView) -> Bool {
    let next = rest.prefix(6)
    guard next.count == 6, next.first == "x", next.dropFirst().prefix(4).allSatisfy(\.properties.isASCIIHexDigit),
      let last = next.last
    else { return false }
    // The escape of a control begins with an underscore too.
    return last == "_" || last.value < 0x20 || last.value == 0xFFFE || last.value == 0xFFFF
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether the text may hold what must be escaped: NUL, `_x`, or one of the last characters of three bytes.
  fileprivate var needsCare: Bool {
    var before: UInt8 = 1
    for byte in self {
      if byte == 0 || byte == 0xEF || (byte == UInt8(ascii: "x") && before == UInt8(ascii: "_")) { return true }
      before = byte
    }
    return false
  }
}
