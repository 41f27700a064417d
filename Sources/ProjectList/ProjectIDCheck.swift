package import InventoryModel
import TextFormats

/// Checks on a project ID before it is queried.
package enum ProjectIDCheck {
  /// The maximum length of an ID, in bytes.
  package static let byteLimit = 256

  /// Why the ID can't be queried; nil if it can.
  package static func refusal(of id: String) -> RowError? {
    if id.isEmpty { return RowError(.emptyID, "The ID is empty.") }
    if id.utf8.count > byteLimit {
      return RowError(.idTooLong, "The ID has \(id.utf8.count) bytes; the maximum is \(byteLimit).")
    }
    // Fast path: most IDs are plain, and a scalar's properties require table lookups.
    if !isPlain(id), let control = id.unicodeScalars.first(where: \.isControl) {
      return RowError(.idControlCharacter, "The ID contains the control character \(String(control).visible).")
    }
    if id == "." || id == ".." {
      return RowError(.idDotSegment, "The ID \(id) can't be requested: in a URL, it is a path to another resource.")
    }
    return nil
  }

  /// Whether every character is a visible ASCII character other than a space.
  static func isPlain(_ id: String) -> Bool {
    var id = id
    return id.withUTF8 { bytes in !bytes.contains { $0 <= 0x20 || $0 >= 0x7F } }
  }
}
