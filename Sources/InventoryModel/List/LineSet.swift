/// A set of line numbers of a list, stored with one bit per line up to the highest line.
package struct LineSet: Sendable {
  private var words: [UInt64] = []

  package init() {}

  /// Inserts a line.
  ///
  /// - Parameter line: The line number, counted from 1.
  /// - Returns: Whether the line was not in the set before.
  package mutating func insert(_ line: Int) -> Bool {
    let (index, bit) = (line / UInt64.bitWidth, UInt64(1) << UInt64(line % UInt64.bitWidth))
    if index >= words.count { words.append(contentsOf: repeatElement(0, count: index + 1 - words.count)) }
    defer { words[index] |= bit }
    return words[index] & bit == 0
  }
}
