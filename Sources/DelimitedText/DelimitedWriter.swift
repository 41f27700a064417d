/// Builds records (RFC 4180) as UTF-8. Quotes fields only if necessary, and writes every value exactly as given.
package struct DelimitedWriter: Sendable {
  /// The bytes written since the last ``removeAll()``.
  package private(set) var bytes: [UInt8] = []
  private let delimiter: UInt8
  private var isFirstField = true

  package init(delimiter: UInt8 = UInt8(ascii: ",")) {
    self.delimiter = delimiter
  }

  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
  }

  /// Appends a field; nil means an empty field.
  package mutating func field(_ text: String?) {
    if !isFirstField { bytes.append(delimiter) }
    isFirstField = false
    guard var text else { return }
    text.withUTF8 { utf8 in
      if mustQuote(utf8) {
        bytes.append(UInt8(ascii: "\""))
        for byte in utf8 {
          if byte == UInt8(ascii: "\"") { bytes.append(byte) }
          bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
      } else {
        bytes.append(contentsOf: utf8)
      }
    }
  }

  package mutating func field(_ number: Int?) { field(number.map(String.init)) }

  /// Ends the record with CRLF (RFC 4180 §2.1).
  package mutating func endRecord() {
    bytes.append(UInt8(ascii: "\r"))
    bytes.append(UInt8(ascii: "\n"))
    isFirstField = true
  }

  /// Whether the field needs quotes. Leading and trailing spaces need them too, because some readers trim unquoted
  /// spaces.
  private func mustQuote(_ utf8: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = utf8.first, let last = utf8.last else { return false }
    if first == UInt8(ascii: " ") || last == UInt8(ascii: " ") { return true }
    // No branch per byte, for speed.
    var found: UInt8 = 0
    for byte in utf8 {
      let mustQuote =
        byte == delimiter || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
      found |= mustQuote ? 1 : 0
    }
    return found != 0
  }
}
