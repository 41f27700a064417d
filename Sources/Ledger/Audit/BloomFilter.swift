import TextFormats

/// Recognizes nearly every first occurrence of a text in a list: a blocked Bloom filter (Putze, Sanders and Singler
/// 2007).
struct BloomFilter: Sendable {
  private static let bitsOfText = 7
  /// 64 bytes in a block, which is one cache line of the processor.
  private static let wordsInBlock = 8
  private static let textsInBlock = 8
  private static let blocks = 1 << 8...1 << 16

  private var words: [UInt64]

  /// - Parameter count: of the texts; nil if it is unknown. From half a million on the filter has 4 MiB and makes mistakes:
  ///   three in the first million, three thousand in the first three million, and after ten million it calls hardly any
  ///   text new. For an unknown number it has 8 MiB.
  init(expecting count: Int?) {
    let blocks = count.map { Self.blocks.lowerBound + $0 / Self.textsInBlock } ?? Self.blocks.upperBound
    let limit = count == nil ? Self.blocks.upperBound * 2 : Self.blocks.upperBound
    let size = min(limit, 1 << (Int.bitWidth - blocks.leadingZeroBitCount))
    words = [UInt64](repeating: 0, count: size * Self.wordsInBlock)
  }

  /// Adds a text, and returns whether it may have occurred before. Always true for a text that has.
  mutating func mayRepeat(_ text: String) -> Bool {
    var hasher = Hasher()
    hasher.combine(ExactText(text))
    let hash = UInt64(bitPattern: Int64(hasher.finalize()))
    let block = Int(hash % UInt64(words.count / Self.wordsInBlock)) * Self.wordsInBlock
    // Other bits of the hash than those that selected the block.
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
