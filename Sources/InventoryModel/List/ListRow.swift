/// One row of the list, before any request is made.
package struct ListRow: Hashable, Sendable {
  /// Physical line on which the row begins, counted from 1.
  package var line: Int
  /// The project ID as written, without surrounding spaces.
  package var projectID: String
  /// Cells of the list's other columns, in column order; nil where the row is too short to have the cell.
  package var input: [String?]
  /// Value of the list's `credential` column; nil if it is empty or there is no such column.
  package var credential: String?
  /// Whether the ID was read from a spreadsheet report that had protected it from damage, and is restored to its exact
  /// original value.
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

/// How a list row enters the ledger: pending, or settled before any request.
package enum RowValidation: Hashable, Sendable {
  /// The project is to be requested with the named credential.
  case pending(credential: String)
  /// The row is settled as `invalid_id` or `skipped`. `credential` is the credential that the row would have used; nil
  /// if it has none.
  case refused(Outcome, RowError, credential: String?)
}
