package import InventoryModel

/// What can be told of a project ID before it is asked for.
package enum ProjectIDCheck {
  /// Bytes an ID may have.
  package static let byteLimit = 256

  /// Why the ID can't be asked for; nil when it can.
  package static func refusal(of id: String) -> RowError? {
    if id.isEmpty { return RowError(.emptyID, "The ID is empty.") }
    if id.utf8.count > byteLimit {
      return RowError(.idTooLong, "The ID has \(id.utf8.count) bytes; at most \(byteLimit) can be asked for.")
    }
    // Most IDs are plain, and a scalar's properties are looked up in tables.
    if !isPlain(id), let control = id.unicodeScalars.first(where: \.isControl) {
      return RowError(.idControlCharacter, "The ID contains the control character \(String(control).visible).")
    }
    if id == "." || id == ".." {
      return RowError(.idDotSegment, "The ID \(id) would be another place in the gateway's address.")
    }
    return nil
  }

  /// What looks wrong with an ID that is asked for all the same.
  package enum Doubt: CaseIterable, Sendable {
    /// A character that can't be seen is inside.
    case invisibleCharacter
    /// A spreadsheet has turned a long number into one with an exponent: `1.23E+19`.
    case spreadsheetNumber
  }

  package static func doubt(about id: String) -> Doubt? {
    if isPlain(id) { return isSpreadsheetNumber(id) ? .spreadsheetNumber : nil }
    let isHidden = { (scalar: Unicode.Scalar) in
      scalar.isInvisible || (scalar.properties.isWhitespace && scalar != " ")
    }
    return id.unicodeScalars.contains(where: isHidden) ? .invisibleCharacter : nil
  }

  /// Whether every character is of ASCII's, can be seen, and is no space.
  private static func isPlain(_ id: String) -> Bool {
    var id = id
    return id.withUTF8 { bytes in !bytes.contains { $0 <= 0x20 || $0 >= 0x7F } }
  }

  /// Digits, a point or comma with digits, and an exponent of at least ten.
  private static func isSpreadsheetNumber(_ id: String) -> Bool {
    var bytes = id
    guard bytes.withUTF8({ $0.contains(UInt8(ascii: "+")) }),
      let exponentMark = id.lastIndex(where: { $0 == "E" || $0 == "e" })
    else {
      return false
    }
    let mantissa = id[..<exponentMark]
    var exponent = id[id.index(after: exponentMark)...]
    guard exponent.popFirst() == "+", let power = Int(exponent), power >= 10 else { return false }
    let parts = mantissa.split(separator: mantissa.contains(",") ? "," : ".", omittingEmptySubsequences: false)
    return parts.count <= 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
