/// One row of the list, before anything was asked.
package struct ListRow: Hashable, Sendable {
  /// Physical line on which the row begins, counted from 1.
  package var line: Int
  /// As written, without the spaces around it.
  package var projectID: String
  /// The cells of the list's other columns, in its order; nil where the row was too short to have one.
  package var input: [String?]
  /// What the list's `credential` column names; nil when empty or when there is no such column.
  package var credential: String?
  /// Whether the ID stood in a report for spreadsheets, protected from them, and is exactly what it was.
  package var isRestored: Bool

  package init(
    line: Int, projectID: String, input: [String?] = [], credential: String? = nil, isRestored: Bool = false
  ) {
    self.line = line
    self.projectID = projectID
    self.input = input
    self.credential = credential
    self.isRestored = isRestored
  }
}

/// How a list row enters the ledger: to be asked for, or settled before any request.
package enum RowValidation: Hashable, Sendable {
  /// To be asked for with the named credential.
  case pending(credential: String)
  /// Settled as `invalid_id` or `skipped`; `credential` is what the row would have used, where it has one.
  case refused(Outcome, RowError, credential: String?)
}
