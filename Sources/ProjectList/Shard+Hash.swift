package import InventoryModel
import TextFormats

/// Determines which rows belong to a shard.
///
/// Any tool can compute it: `printf %s "$id" | sha256sum | cut -c1-8`, read as a hexadecimal number, modulo the number
/// of shards, plus 1.
extension Shard {
  /// The first four bytes of the SHA-256 of an ID's UTF-8, as a big-endian number.
  package static func hash(ofID bytes: UnsafeRawBufferPointer) -> UInt32 {
    SHA256.hash(bytes).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// - Parameter hash: the hash of an ID.
  package func holds(hash: UInt32) -> Bool { Int(hash) % count + 1 == number }

  /// - Parameter bytes: the UTF-8 of an ID, without surrounding spaces.
  package func holds(idBytes bytes: UnsafeRawBufferPointer) -> Bool { isWhole || holds(hash: Self.hash(ofID: bytes)) }

  /// - Parameter projectID: an ID without surrounding spaces.
  package func holds(_ projectID: String) -> Bool {
    if isWhole { return true }
    var id = projectID
    return id.withUTF8 { holds(idBytes: UnsafeRawBufferPointer($0)) }
  }
}
