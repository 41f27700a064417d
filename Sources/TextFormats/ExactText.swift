/// A text that equals another only if both have the same UTF-8 bytes.
///
/// Swift compares `String` values by Unicode's canonical equivalence: `é` equals `e` with a combining accent. The
/// gateway, SQLite and file systems compare bytes. Every name of something outside this program (a project ID, a
/// credential, a column, a JSON field, a path) is therefore compared, looked up and sorted as an `ExactText`.
package struct ExactText: Sendable {
  package let string: String

  package init(_ string: String) { self.string = string }
}

extension ExactText: Hashable {
  package static func == (one: ExactText, other: ExactText) -> Bool {
    let (one, other) = (one.string.utf8, other.string.utf8)
    return one.count == other.count && one.elementsEqual(other)
  }

  package func hash(into hasher: inout Hasher) {
    var string = string
    string.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    // A terminator that no UTF-8 text contains, so that two consecutive texts do not merge into one.
    hasher.combine(0xFF as UInt8)
  }
}

extension ExactText: Comparable {
  /// The order of the bytes, which is also the order of the code points and of SQLite's `BINARY` collation.
  package static func < (one: ExactText, other: ExactText) -> Bool {
    one.string.utf8.lexicographicallyPrecedes(other.string.utf8)
  }
}

extension ExactText: ExpressibleByStringLiteral {
  package init(stringLiteral string: String) { self.init(string) }
}

extension ExactText: CustomStringConvertible {
  package var description: String { string }
}

extension String {
  /// Whether both texts have the same UTF-8 bytes.
  package func isExactly(_ other: String) -> Bool { ExactText(self) == ExactText(other) }
}
