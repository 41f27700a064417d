/// Rows of a run that have no answer for the same reason.
package struct UnansweredCause: Sendable {
  package struct Row: Hashable, Sendable {
    package var line: Int
    package var projectID: String

    package init(line: Int, projectID: String) {
      self.line = line
      self.projectID = projectID
    }
  }

  package var outcome: Outcome
  /// nil for rows that an older version stored without a code.
  package var code: ErrorCode?
  package var rows: Int
  /// The first of these rows, in list order.
  package var firstRows: [Row]
  /// The message of the first row, as a sentence.
  package var firstMessage: String
  /// Names of these rows' credentials, in order of their first lines.
  package var credentials: Sample<String>

  package init(
    outcome: Outcome, code: ErrorCode?, rows: Int, firstRows: [Row], firstMessage: String,
    credentials: Sample<String>
  ) {
    self.outcome = outcome
    self.code = code
    self.rows = rows
    self.firstRows = firstRows
    self.firstMessage = firstMessage
    self.credentials = credentials
  }
}
