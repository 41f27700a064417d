/// A digest that shows whether two lists have the same rows: a running FNV-1a hash (64 bits) over everything that is
/// read from a list.
///
/// It detects lists that were edited between two runs. It does not protect against forged lists.
package struct ListDigest: Sendable {
  private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

  package init(inputColumns: [String]) {
    for column in inputColumns { add(column) }
  }

  package mutating func add(_ row: ListRow) {
    add(String(row.line))
    add(row.projectID)
    add(row.credential)
    for cell in row.input { add(cell) }
  }

  /// The digest in hexadecimal.
  package var text: String { String(hash, radix: 16) }

  /// Adds the text and a terminator byte that no UTF-8 text contains, so that different sequences of texts never
  /// produce the same bytes.
  private mutating func add(_ text: String?) {
    if var text { text.withUTF8 { for byte in $0 { add(byte) } } }
    add(text == nil ? 0xFE : 0xFF)
  }

  private mutating func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
}
