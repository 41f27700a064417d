import InventoryModel
import TextFormats

/// Counts how many rows have each value of a column, unless there are too many values to keep in memory.
struct ValueCounts {
  private static let mostValues = 10_000
  /// Maximum size of all values together, in bytes.
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

  /// The values, most rows first; values with equally many rows are in byte order. nil if there are too many values.
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
  /// Maximum number of values that a ranking lists by name.
  private static let valuesShown = 12

  /// Adds a value. Add values in descending order of their rows.
  mutating func add(_ value: String?, rows: Int) {
    if entries.count < Self.valuesShown {
      entries.append(.init(value: value, rows: rows))
    } else {
      otherValues += 1
      otherRows += rows
    }
  }
}
