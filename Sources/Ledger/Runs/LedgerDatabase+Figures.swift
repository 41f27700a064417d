import GRDB
package import InventoryModel
import TextFormats

extension LedgerDatabase {
  /// Statistics of a run's list, after the list is imported and before anything is requested.
  ///
  /// - Parameter limit: maximum number of items to list individually.
  package func listStatistics(ofRun run: Int64, limit: Int) throws(LedgerError) -> ListStatistics {
    try writing {
      try pool.read { db in
        func count(_ sql: String) throws -> Int { try Int.fetchOne(db, sql: sql, arguments: [run]) ?? 0 }
        func rows(_ sql: String) throws -> [Row] {
          try Row.fetchAll(db, sql: "\(sql) LIMIT \(limit)", arguments: ["run": run])
        }
        var figures = ListStatistics()
        let all = "FROM results WHERE run_id = ?"
        figures.rows = try count("SELECT count(*) \(all)")
        figures.projects = try count(
          "SELECT count(*) FROM (SELECT 1 \(all) AND outcome IS NOT 'invalid_id' GROUP BY project_id)")
        figures.invalid.count = try count("SELECT count(*) \(all) AND outcome = 'invalid_id'")
        figures.invalid.first = try rows(
          """
          SELECT line, error_code, error_message FROM results
          WHERE run_id = :run AND outcome = 'invalid_id' ORDER BY line
          """
        ).map { .init(line: $0[0], error: RowError(ErrorCode(rawValue: $0[1]), $0[2])) }
        figures.duplicates.count = figures.rows - figures.invalid.count - figures.projects
        if figures.duplicates.count > 0 {
          figures.duplicates.first = try rows(Self.duplicates).map {
            .init(line: $0[0], projectID: $0[1], firstLine: $0[2])
          }
        }
        let unknown = "\(all) AND outcome = 'skipped' AND credential IS NOT NULL"
        figures.rowsWithUnknownCredential = try count("SELECT count(*) \(unknown)")
        figures.unknownCredentials.count = try count("SELECT count(*) FROM (SELECT 1 \(unknown) GROUP BY credential)")
        figures.unknownCredentials.first = try rows(
          """
          SELECT credential, count(*), min(line) AS line FROM results
          WHERE run_id = :run AND outcome = 'skipped' AND credential IS NOT NULL GROUP BY credential ORDER BY line
          """
        ).map { .init(name: $0[0], rows: $0[1], line: $0[2]) }
        figures.withoutCredential.count = try count(
          "SELECT count(*) \(all) AND outcome = 'skipped' AND credential IS NULL")
        figures.withoutCredential.first = try rows(
          "SELECT line FROM results WHERE run_id = :run AND outcome = 'skipped' AND credential IS NULL ORDER BY line"
        ).map { $0[0] }
        return figures
      }
    }
  }

  /// The rows stay outermost in the join, so that the first of them are found without sorting all rows; see
  /// `duplicateRows`.
  private static let duplicates = """
    SELECT results.line, results.project_id, first.line
    FROM results CROSS JOIN (
      SELECT project_id, min(line) AS line FROM results
      WHERE run_id = :run AND outcome IS NOT 'invalid_id'
      GROUP BY project_id HAVING count(*) > 1
    ) AS first
    WHERE results.run_id = :run AND results.outcome IS NOT 'invalid_id' AND results.project_id = first.project_id
      AND results.line > first.line
    ORDER BY results.line
    """

  /// The requests that ``reopen(_:ofRun:credentials:defaultCredential:)`` would leave pending, by credential. Changes
  /// nothing.
  ///
  /// Rows that are already pending are included.
  package func pendingWork(
    of rows: ReopenedRows, ofRun run: Int64, credentials: [String], defaultCredential: String?
  ) throws(LedgerError) -> [CredentialShare] {
    var names = JSONText()
    names.array { json in for name in credentials { json.value(name) } }
    let arguments: StatementArguments = ["run": run, "default": defaultCredential, "names": names.string]
    // With a single `min`, SQLite takes the other columns from the row with the minimum (Bare columns in an aggregate
    // query).
    let sql = """
      SELECT used, sum(rows), count(*), min(line), project_id, rows FROM (
        SELECT project_id, coalesce(credential, :default) AS used, count(*) AS rows, min(line) AS line
        FROM \(Self.rows()) WHERE run_id = :run AND (outcome IS NULL OR (\(rows.condition)))
        GROUP BY project_id, used)
      WHERE used IN (SELECT value FROM json_each(:names))
      GROUP BY used ORDER BY used
      """
    return try writing {
      try pool.read { db in
        try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
          CredentialShare(
            name: row[0], rows: row[1], requests: row[2],
            firstProject: PendingProject(line: row[3], projectID: row[4], credential: row[0], rows: row[5]))
        }
      }
    }
  }
}
