/// Tells of nearly every text of a list that it comes for the first time: a blocked Bloom filter (Putze, Sanders and Singler
/// 2007), small for a short list.
package struct RepetitionFilter: Sendable {
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
  /// Blocks of the first layer; each that follows has four times as many, up to the last.
  private static let firstBlocks = 1 << 12

  /// 64 bytes a block, as the processor's cache has them at once.
  private struct Layer: Sendable {
    private static let wordsInBlock = 8
    private static let textsInBlock = 4

    private var words: [UInt64]
    let blocks: Int
    private var texts = 0

    init(blocks: Int) {
      self.blocks = blocks
      words = [UInt64](repeating: 0, count: blocks * Self.wordsInBlock)
    }

    var isFull: Bool { texts >= blocks * Self.textsInBlock }

    /// Whether the text's bits are all set.
    mutating func has(_ hash: UInt64, adding isAdded: Bool) -> Bool {
      let block = Int(hash % UInt64(blocks)) * Self.wordsInBlock
      // Other bits of it than have chosen the block.
      var places = (hash >> 18) &* 0x9E37_79B9_7F4A_7C15
      var isKnown = true
      for _ in 0..<bitsOfText {
        let (word, bit) = (block + Int(places >> 61), UInt64(1) << (places >> 55 & 63))
        if words[word] & bit == 0 {
          guard isAdded else { return false }
          isKnown = false
          words[word] |= bit
        }
        places <<= 9
      }
      if isAdded { texts += 1 }
      return isKnown
    }
  }

  private var layers = [Layer(blocks: firstBlocks)]
  private let size: Size

  package init(_ size: Size = .small) { self.size = size }

  /// Whether the text may have come before; true of every text that has.
  package mutating func mayRepeat(_ text: String) -> Bool {
    var hasher = Hasher()
    hasher.combine(ExactText(text))
    let hash = UInt64(bitPattern: Int64(hasher.finalize()))
    let last = layers.count - 1
    for index in 0..<last where layers[index].has(hash, adding: false) { return true }
    if layers[last].has(hash, adding: true) { return true }
    let blocks = layers[last].blocks
    if layers[last].isFull, blocks < size.blocks { layers.append(Layer(blocks: min(blocks * 4, size.blocks))) }
    return false
  }
}
