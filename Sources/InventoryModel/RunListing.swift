/// A run as it is listed among others.
package struct RunListing: Sendable {
  package var record: RunRecord
  /// Of the rows that are settled.
  package var outcomes: OutcomeCounts

  package init(record: RunRecord, outcomes: OutcomeCounts) {
    self.record = record
    self.outcomes = outcomes
  }
}
