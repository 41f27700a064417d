/// The texts of a list that come more than once in it, found while it is gone through, in memory that hardly grows with it.
package struct RepeatedTexts: Sendable {
  /// Beyond so many, they may be any.
  private static let limit = 10_000

  private var filter: RepetitionFilter
  /// All that come more than once, and a few that do not; nil for any.
  package private(set) var texts: [String]? = []

  package init(_ size: RepetitionFilter.Size = .small) { filter = RepetitionFilter(size) }

  package mutating func note(_ text: String) {
    guard filter.mayRepeat(text) else { return }
    texts?.append(text)
    if texts?.count == Self.limit { texts = nil }
  }
}
