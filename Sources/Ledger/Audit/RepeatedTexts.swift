import TextFormats

/// Finds the texts that occur more than once in a list, in one pass.
///
/// The memory it needs hardly grows with the length of the list, the number of repetitions or the length of the texts.
struct RepeatedTexts: Sendable {
  /// Maximum number of texts to collect. Beyond this number, or beyond `byteLimit` bytes, any text may be repeated.
  private static let limit = 10_000
  private static let byteLimit = 1_048_576

  private var filter: BloomFilter
  private var repeated: Set<ExactText>? = []
  private var bytes = 0

  /// - Parameter count: of the texts that will be noted; nil if it is unknown.
  init(expecting count: Int?) { filter = BloomFilter(expecting: count) }

  /// All texts that occur more than once, and a few that do not, each once and in no particular order. nil if any text
  /// may be repeated, because there are too many.
  var texts: [String]? { repeated?.map(\.string) }

  mutating func note(_ text: String) {
    guard repeated != nil, filter.mayRepeat(text), repeated?.insert(ExactText(text)).inserted == true else {
      return
    }
    bytes += text.utf8.count
    if let count = repeated?.count, count >= Self.limit || bytes > Self.byteLimit { repeated = nil }
  }
}
