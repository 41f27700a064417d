/// Tells of nearly every text of a list that it comes for the first time, in memory that does not grow with the list: a
/// blocked Bloom filter (Putze, Sanders and Singler 2007). After a million texts it errs with one new text in fifty million,
/// after ten million with one in four hundred.
struct RepetitionFilter {
  /// 64 bytes, as the processor's cache has them at once.
  private static let wordsInBlock = 8
  private static let mostBlocks = 1 << 18
  private static let bitsOfText = 7

  private var words: [UInt64]
  private let blocks: UInt64

  /// - Parameter texts: how many there will be; nil where that is not known.
  init(texts: Int? = nil) {
    // Four texts a block, as a million in the largest.
    let needed = texts.map { max(1, $0 / 4) } ?? Self.mostBlocks
    let blocks = min(Self.mostBlocks, needed)
    self.blocks = UInt64(blocks)
    words = [UInt64](repeating: 0, count: blocks * Self.wordsInBlock)
  }

  /// Whether the text may have come before; true of every text that has.
  mutating func mayRepeat(_ text: String) -> Bool {
    var hasher = Hasher()
    hasher.combine(text)
    let hash = UInt64(bitPattern: Int64(hasher.finalize()))
    let block = Int(hash % blocks) * Self.wordsInBlock
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
