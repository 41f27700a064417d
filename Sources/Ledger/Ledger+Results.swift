import GRDB
package import InventoryModel

extension Ledger {
  /// Hands out the settled rows of a run with their findings in list order, one at a time, as one unchanging picture of the database.
  ///
  /// Throws what `body` throws, and ``LedgerError``.
  package func forEachResult(ofRun run: Int64, _ body: (consuming ResultRow) throws -> Void) throws {
    try reading { db in
      var findings = try FindingsByLine(ofRun: run, in: db)
      let row = try Self.reader(in: db, where: "run_id = ?", [run])
      while try row.next() {
        let findings = try findings.findings(ofLine: row.presentNumber(0))
        if let result = try Self.result(row, findings: findings) { try body(result) }
      }
    }
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
    let row = try reader(in: db, where: condition, arguments, limit: limit)
    while try row.next() {
      if let result = try result(row) { try body(result) }
    }
  }

  /// Of settled rows in list order, for ``result(_:findings:)``.
  private static func reader(
    in db: Database, where condition: String, _ arguments: StatementArguments, limit: Int? = nil
  ) throws -> RowReader {
    let sql = """
      SELECT \(resultColumns)
      FROM results WHERE \(condition) AND outcome IS NOT NULL ORDER BY line \(limit.map { "LIMIT \($0)" } ?? "")
      """
    return try RowReader(db, sql: sql, arguments)
  }

  /// What ``result(_:findings:)`` reads, in its order.
  static let resultColumns = """
    line, project_id, input, outcome, http_status, integration_id, brain_id, webhook_url, webhook_host, auth_type,
    created_at, updated_at, extra, attempts, duration_ms, fetched_at, credential, error_code, error_message, change,
    changed_fields, last_good_webhook_url, last_good_at
    """

  /// nil for a row that is pending.
  static func result(_ row: RowReader, findings: [Finding] = []) throws -> ResultRow? {
    guard let outcome = row.text(3).flatMap(Outcome.init) else { return nil }
    return ResultRow(
      line: try row.presentNumber(0), projectID: try row.presentText(1), inputJSON: try row.presentText(2),
      outcome: outcome, httpStatus: row.number(4), integration: integration(row, from: 5),
      attempts: try row.presentNumber(13), durationMS: row.number(14),
      fetchedAt: row.text(15), credential: row.text(16),
      error: row.text(17).map { RowError(ErrorCode(rawValue: $0), row.text(18) ?? "") }, findings: findings,
      change: row.text(19).flatMap(Change.init), changedFields: changedFields(row.text(20)),
      lastGood: lastGood(row, from: 21))
  }

  /// Of eight columns in the order of the table; nil where there is no webhook.
  static func integration(_ row: RowReader, from column: Int) -> Integration? {
    guard let webhookURL = row.text(column + 2) else { return nil }
    return Integration(
      id: row.text(column), brainID: row.text(column + 1), webhookURL: webhookURL, webhookHost: row.text(column + 3),
      authType: row.text(column + 4), createdAt: row.text(column + 5), updatedAt: row.text(column + 6),
      extraJSON: row.text(column + 7) ?? "{}")
  }

  static func changedFields(_ joined: String?) -> [String] {
    joined?.split(separator: ";").map(String.init) ?? []
  }

  /// Of two columns, the webhook and the time; nil where there is no time.
  static func lastGood(_ row: RowReader, from column: Int) -> LastGood? {
    row.text(column + 1).map { LastGood(webhookURL: row.text(column), at: $0) }
  }
}
