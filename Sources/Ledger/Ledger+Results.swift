import GRDB
package import InventoryModel

extension Ledger {
  /// Hands out the settled rows of a run with their findings in list order, one at a time, as one unchanging picture of the database.
  ///
  /// Throws what `body` throws, and ``LedgerError``.
  package func forEachResult(ofRun run: Int64, _ body: (consuming ResultRow) throws -> Void) throws {
    try reading { db in
      var findings = try FindingsByLine(ofRun: run, in: db)
      try Self.results(in: db, where: "run_id = ?", [run]) { row in
        var row = row
        row.findings = try findings.findings(ofLine: row.line)
        try body(row)
      }
    }
  }

  /// The first rows without an answer, in list order and without their findings.
  package func problems(ofRun run: Int64, limit: Int) throws -> [ResultRow] {
    var rows: [ResultRow] = []
    try reading { db in
      try Self.results(in: db, where: "run_id = ? AND outcome NOT IN ('found', 'not_found')", [run], limit: limit) {
        rows.append($0)
      }
    }
    return rows
  }

  func reading(_ body: (Database) throws -> Void) throws {
    do {
      try pool.read(body)
    } catch let error as DatabaseError {
      throw LedgerError(error, path: path, opening: false)
    }
  }

  /// Hands out settled rows in list order, without their findings.
  static func results(
    in db: Database, where condition: String, _ arguments: StatementArguments, limit: Int? = nil,
    _ body: (consuming ResultRow) throws -> Void
  ) throws {
    let sql = """
      SELECT \(resultColumns)
      FROM results WHERE \(condition) AND outcome IS NOT NULL ORDER BY line \(limit.map { "LIMIT \($0)" } ?? "")
      """
    let rows = try Row.fetchCursor(db, sql: sql, arguments: arguments)
    while let row = try rows.next() {
      if let result = result(row) { try body(result) }
    }
  }

  /// What ``result(_:)`` reads, in its order.
  static let resultColumns = """
    line, project_id, input, outcome, http_status, integration_id, brain_id, webhook_url, webhook_host, auth_type,
    created_at, updated_at, extra, attempts, duration_ms, fetched_at, credential, error_code, error_message, change,
    changed_fields, last_good_webhook_url, last_good_at
    """

  /// Index of the outcome among them.
  static let outcomeColumn = 3

  /// A settled row, without its findings.
  static func result(_ row: Row) -> ResultRow? {
    guard let outcome = Outcome(rawValue: row[outcomeColumn]) else { return nil }
    var result = ResultRow(line: row[0], projectID: row[1], inputJSON: row[2], outcome: outcome)
    result.httpStatus = row[4]
    result.integration = integration(row, from: 5)
    result.attempts = row[13]
    result.durationMS = row[14]
    result.fetchedAt = row[15]
    result.credential = row[16]
    if let code: String = row[17] { result.error = RowError(ErrorCode(rawValue: code), row[18] ?? "") }
    result.change = (row[19] as String?).flatMap(Change.init)
    result.changedFields = changedFields(row[20])
    result.lastGood = lastGood(row, from: 21)
    return result
  }

  /// Of eight columns in the order of the table; nil where there is no webhook.
  static func integration(_ row: Row, from column: Int) -> Integration? {
    guard let webhookURL: String = row[column + 2] else { return nil }
    return Integration(
      id: row[column], brainID: row[column + 1], webhookURL: webhookURL, webhookHost: row[column + 3],
      authType: row[column + 4], createdAt: row[column + 5], updatedAt: row[column + 6],
      extraJSON: row[column + 7] ?? "{}")
  }

  static func changedFields(_ joined: String?) -> [String] {
    joined?.split(separator: ";").map(String.init) ?? []
  }

  /// Of two columns, the webhook and the time; nil where there is no time.
  static func lastGood(_ row: Row, from column: Int) -> LastGood? {
    (row[column + 1] as String?).map { LastGood(webhookURL: row[column], at: $0) }
  }
}
