import TextFormats

/// The texts of a list that occur more than once, found in one pass. The memory is bounded, whatever the number of texts,
/// their length and their repetitions.
struct RepeatedTexts: Sendable {
  /// Beyond this number of repeated texts, or of their bytes, any text counts as repeated.
  private static let limit = 10_000
  private static let byteLimit = 1_048_576

  private var filter: BloomFilter
  private var repeated: Set<ExactText>? = []
  private var bytes = 0

  /// - Parameter count: of the texts that will be noted; nil if it is unknown.
  init(expecting count: Int?) { filter = BloomFilter(expecting: count) }

  /// All repeated texts, and perhaps a few others, each once and in no particular order; nil for any text.
  var texts: [String]? { repeated?.map(\.string) }

  mutating func note(_ text: String) {
    guard repeated != nil, filter.mayRepeat(text), repeated?.insert(ExactText(text)).inserted == true else {
      return
    }
    bytes += text.utf8.count
    if let count = repeated?.count, count >= Self.limit || bytes > Self.byteLimit { repeated = nil }
  }
}
