/// A row of one run compared with an earlier answer, or a project that is no longer listed.
package struct ChangeRow: Sendable {
  /// nil for a project that is no longer listed.
  package var line: Int?
  package var projectID: String
  /// nil for a project that is no longer listed.
  package var change: Change?
  /// Names of the columns that differ, as in ``ResultRow/changedFields``.
  package var changedFields: [String] = []
  package var outcome: Outcome?
  package var integration: Integration?
  /// Outcome of the answer that the row is compared with; nil if there is none.
  package var previousOutcome: Outcome?
  package var previousIntegration: Integration?
  /// Set for a row without an answer and for a project that is no longer listed; nil if the project was never answered.
  package var lastGood: LastGood?

  package init(line: Int? = nil, projectID: String, change: Change? = nil) {
    self.line = line
    self.projectID = projectID
    self.change = change
  }

  /// The kind of change as one word.
  package var kind: String { change?.rawValue ?? "unlisted" }
}
