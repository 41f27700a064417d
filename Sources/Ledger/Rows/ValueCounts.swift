import InventoryModel
import TextFormats

/// How many rows have each of a column's values, as long as these are not too many for memory.
struct ValueCounts {
  private static let mostValues = 10_000
  /// Bytes of all of them.
  private static let mostBytes = 1_048_576

  private var counts: [ExactText?: Int] = [:]
  private var bytes = 0
  private var areTooMany = false

  mutating func note(_ value: String?) {
    guard !areTooMany else { return }
    let known = counts.count
    counts[value.map(ExactText.init(_:)), default: 0] += 1
    if counts.count > known { bytes += value?.utf8.count ?? 0 }
    guard counts.count > Self.mostValues || bytes > Self.mostBytes else { return }
    counts = [:]
    areTooMany = true
  }

  /// The values that most rows have, in the order of their bytes where as many have them; nil where there are too many.
  var ranking: RunOverview.Ranking? {
    guard !areTooMany else { return nil }
    var ranking = RunOverview.Ranking()
    for (value, rows) in counts.sorted(by: Self.comesFirst) { ranking.add(value?.string, rows: rows) }
    return ranking
  }

  private static func comesFirst(
    _ one: (key: ExactText?, value: Int), _ other: (key: ExactText?, value: Int)
  ) -> Bool {
    guard one.value == other.value else { return one.value > other.value }
    guard let text = one.key, let otherText = other.key else { return one.key == nil }
    return text < otherText
  }
}

extension RunOverview.Ranking {
  /// Values of a ranking that are told by name.
  private static let valuesShown = 12

  /// Adds a value, of which no fewer rows have one than of those that follow.
  mutating func add(_ value: String?, rows: Int) {
    if entries.count < Self.valuesShown {
      entries.append(.init(value: value, rows: rows))
    } else {
      otherValues += 1
      otherRows += rows
    }
  }
}
