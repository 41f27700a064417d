/// Counts a run's answers for its overview while they are gone through, in memory that hardly grows with them.
package struct AnswerTally: Sendable {
  private let end: Timestamp?
  package private(set) var outcomes = OutcomeCounts()
  package private(set) var hosts = ValueTally()
  package private(set) var authTypes = ValueTally()
  package private(set) var ages: [RunOverview.UpdateAge: Int] = [:]
  private var credentialNames: Set<String> = []

  /// - Parameter end: of the run.
  package init(ofRunEndedAt end: Timestamp?) { self.end = end }

  /// Names of the credentials that the rows have, in order.
  package var credentials: [String] { credentialNames.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }

  package mutating func note(_ row: ResultRow) {
    outcomes[row.outcome] += 1
    if let name = row.credential { credentialNames.insert(name) }
    guard row.outcome == .found else { return }
    hosts.note(row.integration?.webhookHost)
    authTypes.note(row.integration?.authType)
    ages[RunOverview.UpdateAge(of: row.integration?.updatedAt, at: end), default: 0] += 1
  }
}

/// Counts rows by a value that they have.
package struct ValueTally: Sendable {
  /// Beyond so many values, they are not counted here.
  private static let limit = 10_000

  /// nil where there are too many values.
  private var rows: [String?: Int]? = [:]

  mutating func note(_ value: String?) {
    rows?[value, default: 0] += 1
    if let count = rows?.count, count > Self.limit { rows = nil }
  }

  /// The values that most rows have, those of as many in order, none before any; nil where there are too many to count
  /// them here.
  ///
  /// - Parameter limit: values that are told by name.
  package func ranking(limit: Int) -> RunOverview.Ranking? {
    guard let rows else { return nil }
    let sorted = rows.sorted { left, right in
      if left.value != right.value { return left.value > right.value }
      guard let value = left.key, let other = right.key else { return left.key == nil }
      return value.utf8.lexicographicallyPrecedes(other.utf8)
    }
    var ranking = RunOverview.Ranking()
    ranking.entries = sorted.prefix(limit).map { .init(value: $0.key, rows: $0.value) }
    ranking.otherValues = sorted.dropFirst(limit).count
    ranking.otherRows = sorted.dropFirst(limit).reduce(0) { $0 + $1.value }
    return ranking
  }
}

extension RunOverview.UpdateAge {
  private static let day: Int64 = 86_400_000

  /// - Parameters:
  ///   - updatedAt: RFC 3339; anything else is ``unreadable``.
  ///   - time: what is later than that is new.
  init(of updatedAt: String?, at time: Timestamp?) {
    guard let updatedAt, let time, let updated = Timestamp(rfc3339: updatedAt) else {
      self = .unreadable
      return
    }
    switch time.milliseconds - updated.milliseconds {
    case ...(30 * Self.day): self = .upTo30Days
    case ...(90 * Self.day): self = .upTo90Days
    case ...(180 * Self.day): self = .upTo180Days
    case ...(365 * Self.day): self = .upTo365Days
    case ...(730 * Self.day): self = .upTo730Days
    default: self = .older
    }
  }
}
