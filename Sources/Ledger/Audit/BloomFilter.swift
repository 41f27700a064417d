import TextFormats

/// Tells of nearly every text of a list that it comes for the first time: a blocked Bloom filter (Putze, Sanders and Singler
/// 2007).
package struct BloomFilter: Sendable {
  /// How large it grows, and with how many texts it is expected to err; after ten million the smaller hardly ever says so
  /// any more.
  package enum Size: Sendable {
    /// 4 MiB: three of the first million, three thousand of the first three million.
    case small
    /// 8 MiB: one in ten lists of a million, eighty of the first three million.
    case large

    fileprivate var blocks: Int { self == .small ? 1 << 16 : 1 << 17 }
  }

  private static let bitsOfText = 7
  /// 64 bytes a block, as the processor's cache has them at once.
  private static let wordsInBlock = 8

  private var words: [UInt64]

  package init(_ size: Size = .small) { words = [UInt64](repeating: 0, count: size.blocks * Self.wordsInBlock) }

  /// Whether the text may have come before; true of every text that has.
  package mutating func mayRepeat(_ text: String) -> Bool {
    var hasher = Hasher()
    hasher.combine(ExactText(text))
    let hash = UInt64(bitPattern: Int64(hasher.finalize()))
    let block = Int(hash % UInt64(words.count / Self.wordsInBlock)) * Self.wordsInBlock
    // Other bits of it than have chosen the block.
    var places = (hash >> 18) &* 0x9E37_79B9_7F4A_7C15
    var isKnown = true
    for _ in 0..<Self.bitsOfText {
      let (word, bit) = (block + Int(places >> 61), UInt64(1) << (places >> 55 & 63))
      if words[word] & bit == 0 {
        isKnown = false
        words[word] |= bit
      }
      places <<= 9
    }
    return isKnown
  }
}
