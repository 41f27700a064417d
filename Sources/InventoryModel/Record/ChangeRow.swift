/// A row of one run compared with an earlier answer, or a project that is no longer listed.
package struct ChangeRow: Sendable {
  /// nil for a project that is not listed any more.
  package var line: Int?
  package var projectID: String
  /// nil for a project that is not listed any more.
  package var change: Change?
  /// As ``ResultRow/changedFields``.
  package var changedFields: [String] = []
  package var outcome: Outcome?
  package var integration: Integration?
  /// Of the answer that the row is compared with; nil where there is none.
  package var previousOutcome: Outcome?
  package var previousIntegration: Integration?
  /// Of a row without an answer, and of a project that is not listed any more; nil where there never was an answer.
  package var lastGood: LastGood?

  package init(line: Int? = nil, projectID: String, change: Change? = nil) {
    self.line = line
    self.projectID = projectID
    self.change = change
  }

  /// One word for what has become of the project.
  package var kind: String { change?.rawValue ?? "unlisted" }
}
