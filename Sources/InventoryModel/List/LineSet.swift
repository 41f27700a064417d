/// Lines of a list, at a bit each up to the last of them.
package struct LineSet: Sendable {
  private var words: [UInt64] = []

  package init() {}

  /// - Parameter line: counted from 1.
  /// - Returns: whether it was not in the set yet.
  package mutating func insert(_ line: Int) -> Bool {
    let (index, bit) = (line / UInt64.bitWidth, UInt64(1) << UInt64(line % UInt64.bitWidth))
    if index >= words.count { words.append(contentsOf: repeatElement(0, count: index + 1 - words.count)) }
    defer { words[index] |= bit }
    return words[index] & bit == 0
  }
}
