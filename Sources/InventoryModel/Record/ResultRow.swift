import TextFormats

/// One row of the inventory, as every report shows it.
package struct ResultRow: Sendable {
  /// Physical line of the list on which the row begins, counted from 1.
  package var line: Int
  package var projectID: String
  /// The list's other columns as the text of a JSON object, in the list's order.
  package var inputJSON: String
  package var outcome: Outcome
  package var httpStatus: Int?
  package var integration: Integration?
  /// Number of requests made for the project.
  package var attempts: Int
  /// Duration of the last attempt in milliseconds.
  package var durationMS: Int?
  /// End of the last attempt (RFC 3339, UTC).
  package var fetchedAt: String?
  /// Name of the credential; `default` if there is only one key for all rows.
  package var credential: String?
  package var error: RowError?
  /// The audit's findings for the row: most severe first, then by rule name.
  package var findings: [Finding]
  /// Comparison with the newest earlier answer; nil in a database's first run, in a held run, and for invalid IDs.
  package var change: Change?
  /// Names of the columns that differ, in column order; only for a row that is `changed`.
  package var changedFields: [String]
  /// The newest earlier answer; only for a row that is `unknown`, and nil if its project was never answered.
  package var lastGood: LastGood?

  package init(
    line: Int, projectID: String, inputJSON: String = "{}", outcome: Outcome, httpStatus: Int? = nil,
    integration: Integration? = nil, attempts: Int = 0, durationMS: Int? = nil, fetchedAt: String? = nil,
    credential: String? = nil, error: RowError? = nil, findings: [Finding] = [],
    change: Change? = nil, changedFields: [String] = [], lastGood: LastGood? = nil
  ) {
    self.line = line
    self.projectID = projectID
    self.inputJSON = inputJSON
    self.outcome = outcome
    self.httpStatus = httpStatus
    self.integration = integration
    self.attempts = attempts
    self.durationMS = durationMS
    self.fetchedAt = fetchedAt
    self.credential = credential
    self.error = error
    self.findings = findings
    self.change = change
    self.changedFields = changedFields
    self.lastGood = lastGood
  }

  /// Creates the row that the requests were made for from its answer, without the list's other columns, findings, and
  /// changes.
  package init(_ collected: CollectedAnswer) {
    let answer = collected.answer
    self.init(
      line: collected.line, projectID: collected.project.projectID, outcome: answer.outcome,
      httpStatus: answer.httpStatus, integration: answer.integration, attempts: collected.attempts,
      durationMS: collected.durationMS, fetchedAt: collected.fetchedAt?.description,
      credential: collected.project.credential, error: answer.error)
  }

  /// UTF-8 size in bytes of the texts that may be long.
  package var byteCount: Int {
    projectID.utf8.count + inputJSON.utf8.count + (integration?.byteCount ?? 0) + (error?.message.utf8.count ?? 0)
      + (lastGood?.webhookURL?.utf8.count ?? 0)
  }
}
