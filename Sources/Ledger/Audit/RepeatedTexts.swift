import TextFormats

/// The texts of a list that come more than once in it, found while it is gone through, in memory that hardly grows with it:
/// neither with its length, nor with how often one comes, nor with how long they are.
package struct RepeatedTexts: Sendable {
  /// Beyond so many, or so many bytes of them, they may be any.
  private static let limit = 10_000
  private static let byteLimit = 1_048_576

  private var filter: BloomFilter
  private var repeated: Set<ExactText>? = []
  private var bytes = 0

  package init(_ size: BloomFilter.Size = .small) { filter = BloomFilter(size) }

  /// All that come more than once, and a few that do not, each once and in no particular order; nil for any.
  package var texts: [String]? { repeated?.map(\.string) }

  package mutating func note(_ text: String) {
    guard repeated != nil, filter.mayRepeat(text), repeated?.insert(ExactText(text)).inserted == true else {
      return
    }
    bytes += text.utf8.count
    if let count = repeated?.count, count >= Self.limit || bytes > Self.byteLimit { repeated = nil }
  }
}
