import FoundationEssentials
import InventoryModel

/// The names in the fields that this program does not know, as ``Integration/extraJSON`` has them.
///
/// Reads just the form in which they are stored, JSON without spaces: after a change of the API every row has some.
struct ExtraFields {
  /// Names of the outermost members.
  private(set) var names: [String] = []
  /// Names, at any depth, of members whose value was masked for their name; each once.
  private(set) var secretNames: [String] = []

  init(json: String) {
    guard json != "{}" else { return }
    var json = json
    json.withUTF8 { read($0) }
  }

  private mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) {
    let masked = Array("\"\(Redaction.mask)\"".utf8)
    var depth = 0
    var position = 0
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "\""):
        let end = Self.endOfString(in: bytes, from: position)
        if end < bytes.count, bytes[end] == UInt8(ascii: ":") {
          let isMasked = bytes[(end + 1)...].starts(with: masked)
          if depth == 1 || isMasked {
            note(
              Self.text(UnsafeBufferPointer(rebasing: bytes[position..<end])), isOutermost: depth == 1,
              isMasked: isMasked)
          }
        }
        position = end - 1
      default: break
      }
      position += 1
    }
  }

  private mutating func note(_ name: String, isOutermost: Bool, isMasked: Bool) {
    let isSecret = isMasked && (Redaction.isSecretField(name) || name.lowercased() == "value")
    if isSecret, !secretNames.contains(where: name.isExactly) { secretNames.append(name) }
    if isOutermost, !isSecret { names.append(name) }
  }

  /// The position after the closing quote.
  private static func endOfString(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var position = start + 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(position + 1, bytes.count)
  }

  /// - Parameter quoted: with its quotes.
  private static func text(_ quoted: UnsafeBufferPointer<UInt8>) -> String {
    guard quoted.contains(UInt8(ascii: "\\")),
      let text = try? JSONDecoder().decode(String.self, from: Data(quoted))
    else { return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self) }
    return text
  }
}
