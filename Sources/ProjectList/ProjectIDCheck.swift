package import InventoryModel
import TextFormats

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

  /// Whether every character is of ASCII's, can be seen, and is no space.
  static func isPlain(_ id: String) -> Bool {
    var id = id
    return id.withUTF8 { bytes in !bytes.contains { $0 <= 0x20 || $0 >= 0x7F } }
  }
}
