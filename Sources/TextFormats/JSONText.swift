/// Builds JSON text (RFC 8259) byte by byte, with keys in the order in which they are written.
///
/// `JSONEncoder` does not preserve key order, and the JSON Lines report guarantees it.
package struct JSONText: Sendable {
  package private(set) var bytes: [UInt8] = []
  private var needsComma = false

  package init() {}

  package var string: String { String(decoding: bytes, as: UTF8.self) }

  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  package mutating func object(_ content: (inout JSONText) -> Void) { nest("{", "}", content) }

  package mutating func array(_ content: (inout JSONText) -> Void) { nest("[", "]", content) }

  /// Writes a member's name that needs no escaping. Its value must follow.
  package mutating func key(_ name: StaticString) {
    let name = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    assert(!name.contains(where: Self.mustEscape))
    comma()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: name)
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes any member's name. Its value must follow.
  package mutating func key(text name: String) {
    comma()
    quote(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a member's name that was prepared with ``quoted(_:)``. Its value must follow.
  package mutating func key(quoted name: [UInt8]) {
    comma()
    bytes.append(contentsOf: name)
    needsComma = false
  }

  /// A member's name with quotes and colon, for a name that is written many times.
  package static func quoted(_ name: String) -> [UInt8] {
    var json = JSONText()
    json.key(text: name)
    return json.bytes
  }

  package mutating func member(_ name: StaticString, _ text: String?) {
    key(name)
    value(text)
  }

  package mutating func member(_ name: StaticString, _ number: Int?) {
    key(name)
    value(number)
  }

  /// Writes a member whose value is already JSON text.
  package mutating func member(_ name: StaticString, raw json: String) {
    key(name)
    raw(json)
  }

  package mutating func value(_ text: String?) {
    guard let text else { return raw("null") }
    comma()
    quote(text)
    needsComma = true
  }

  package mutating func value(_ number: Int?) { raw(number.map(String.init) ?? "null") }

  /// Writes a value that is already JSON text.
  package mutating func raw(_ json: String) {
    comma()
    bytes.append(contentsOf: json.utf8)
    needsComma = true
  }

  package mutating func newline() {
    bytes.append(UInt8(ascii: "\n"))
    needsComma = false
  }

  private mutating func nest(_ open: Unicode.Scalar, _ close: Unicode.Scalar, _ content: (inout JSONText) -> Void) {
    comma()
    bytes.append(UInt8(ascii: open))
    needsComma = false
    content(&self)
    bytes.append(UInt8(ascii: close))
    needsComma = true
  }

  private mutating func comma() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
  }

  private mutating func quote(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { utf8 in
      // Fast path for nearly all texts: check them without a branch per byte, and copy them as a whole.
      var found: UInt8 = 0
      for byte in utf8 { found |= Self.mustEscape(byte) ? 1 : 0 }
      if found == 0 { return bytes.append(contentsOf: utf8) }
      for byte in utf8 {
        if Self.mustEscape(byte) { escape(byte) } else { bytes.append(byte) }
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func mustEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private mutating func escape(_ byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
    case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
    case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
    case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
    default:
      bytes.append(contentsOf: "u00".utf8)
      bytes.append(contentsOf: (byte < 16 ? "0" : "").utf8)
      bytes.append(contentsOf: String(byte, radix: 16).utf8)
    }
  }
}
