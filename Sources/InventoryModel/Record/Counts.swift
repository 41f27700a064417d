/// Numbers of rows, or of findings, by a property that each of them has.
package struct Counts<Key: Hashable & Sendable>: Hashable, Sendable {
  /// Without zeros, so that equal counts are equal however they were made.
  private var counts: [Key: Int] = [:]

  package init() {}

  /// The number for a key; 0 if there are none.
  package subscript(key: Key) -> Int {
    get { counts[key, default: 0] }
    set { counts[key] = newValue == 0 ? nil : newValue }
  }

  /// The sum for all keys.
  package var total: Int { counts.values.reduce(0, +) }
}

/// The number of rows with each outcome.
package typealias OutcomeCounts = Counts<Outcome>

extension OutcomeCounts {
  /// Number of rows with an answer from the gateway (``Outcome/isAnswer``).
  package var answered: Int { Outcome.allCases.filter(\.isAnswer).reduce(0) { $0 + self[$1] } }
}

/// The number of findings of each severity.
package typealias FindingCounts = Counts<Severity>

/// The number of rows with each change, and the number of projects that are no longer in the list.
package struct ChangeCounts: Hashable, Sendable {
  private var rows = Counts<Change>()
  /// Number of projects of the previous run that are missing from this run's list.
  package var unlisted = 0

  package init() {}

  /// Number of rows with this change; 0 if there are none.
  package subscript(change: Change) -> Int {
    get { rows[change] }
    set { rows[change] = newValue }
  }

  /// Number of rows that were compared, whatever the result.
  package var total: Int { rows.total }
}
