import InventoryModel

extension RunOverview.UpdateAge {
  /// - Parameter updated: nil where it can't be read.
  init(of updated: Timestamp?, at time: Timestamp?) {
    guard let time, let updated else {
      self = .unreadable
      return
    }
    let day: Int64 = 86_400_000
    self =
      switch time.milliseconds - updated.milliseconds {
      case ...(30 * day): .upTo30Days
      case ...(90 * day): .upTo90Days
      case ...(180 * day): .upTo180Days
      case ...(365 * day): .upTo365Days
      case ...(730 * day): .upTo730Days
      default: .older
      }
  }
}

/// How long before the end of a run integrations were updated, counted while the run goes on: nearly all are as old at
/// one end of a day as at the other.
struct UpdateAges {
  /// For how many of the others there is memory.
  private static let mostUndecided = 100_000

  /// When the run may end for this to tell anything.
  private let ends: ClosedRange<Timestamp>
  private var counts: [RunOverview.UpdateAge: Int] = [:]
  /// When those were updated whose age depends on when the run ends; nil where they are too many.
  private var undecided: [Timestamp]? = []

  /// - Parameter begun: when the run began.
  init(begun: Timestamp) {
    ends = begun...Timestamp(milliseconds: begun.milliseconds + 86_400_000)
  }

  /// - Parameter updated: nil where it can't be read.
  mutating func note(_ updated: Timestamp?) {
    let age = RunOverview.UpdateAge(of: updated, at: ends.lowerBound)
    if let updated, age != RunOverview.UpdateAge(of: updated, at: ends.upperBound) {
      undecided?.append(updated)
      if undecided?.count == Self.mostUndecided { undecided = nil }
    } else {
      counts[age, default: 0] += 1
    }
  }

  /// How many have which age; nil for an end of which this can't be told.
  func counts(at end: Timestamp?) -> [RunOverview.UpdateAge: Int]? {
    guard let end, ends.contains(end), let undecided else { return nil }
    return undecided.reduce(into: counts) { counts, updated in
      counts[RunOverview.UpdateAge(of: updated, at: end), default: 0] += 1
    }
  }
}
