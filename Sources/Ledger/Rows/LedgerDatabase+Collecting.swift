import GRDB
package import InventoryModel
import TextFormats

extension LedgerDatabase {
  /// The next projects without an answer, in list order; empty when there are no more.
  ///
  /// - Parameters:
  ///   - credential: the credential of the projects, which requires ``indexPendingRowsByCredential()``; nil for any.
  ///   - line: the last line that was returned before; 0 at the beginning.
  /// - Throws: ``LedgerError``; `CancellationError` if the task is canceled, which is not a database error.
  package func pendingProjects(
    ofRun run: Int64, credential: String? = nil, afterLine line: Int, limit: Int
  ) async throws -> [PendingProject] {
    do {
      return try await pool.read { db in
        let (index, ofCredential) =
          credential == nil ? ("", "") : ("INDEXED BY results_pending", "AND credential = :credential")
        let row = try RowReader(
          db.cachedStatement(
            sql: """
              SELECT line, project_id, credential,
                CASE WHEN request_line IS NULL THEN 1 ELSE (
                  SELECT count(*) FROM results AS sharing
                  WHERE sharing.run_id = results.run_id AND sharing.request_line = results.line) END
              FROM results \(index)
              WHERE run_id = :run AND line > :line AND outcome IS NULL
                AND (request_line IS NULL OR request_line = line) \(ofCredential)
              ORDER BY line LIMIT :limit
              """),
          ["run": run, "line": line, "limit": limit]
            + (credential.map { ["credential": $0] } ?? [:] as StatementArguments))
        var projects: [PendingProject] = []
        while try row.next() {
          projects.append(
            PendingProject(
              line: try row.presentNumber(0), projectID: try row.presentText(1), credential: try row.presentText(2),
              rows: try row.presentNumber(3)))
        }
        return projects
      }
    } catch {
      try Task.checkCancellation()
      throw LedgerError(error, path: path, opening: false)
    }
  }

  /// Commits answers, each to the row that was requested, and adds to the run's request and response counts. Rows that
  /// share a request with that row are settled by ``markCollected(run:at:resumeAfter:)``.
  package func commit(
    _ answers: [CollectedAnswer], requests: Int, responses: Int, toRun run: Int64
  ) async throws(LedgerError) {
    do {
      try await pool.write { db in
        try Self.write(answers, requests: requests, responses: responses, toRun: run, in: db)
      }
    } catch {
      throw LedgerError(error, path: path, opening: false)
    }
  }

  static func write(
    _ answers: [CollectedAnswer], requests: Int, responses: Int, toRun run: Int64, in db: Database
  ) throws {
    var statement = try RowStatement(db, sql: answerRow)
    for answer in answers { try write(answer, ofRun: run, by: &statement) }
    try db.execute(
      sql: "UPDATE runs SET requests = requests + ?, responses = responses + ? WHERE id = ?",
      arguments: [requests, responses, run])
  }

  private static let answerRow = """
    UPDATE results SET \(answerColumns.map { $0 == "attempts" ? "attempts = attempts + ?" : "\($0) = ?" }
      .joined(separator: ", "))
    WHERE run_id = ? AND outcome IS NULL AND line = ?
    """

  private static func write(
    _ collected: CollectedAnswer, ofRun run: Int64, by statement: inout RowStatement
  ) throws {
    bind(collected, to: &statement)
    statement.bind(run)
    statement.bind(collected.line)
    try statement.run()
  }

  /// Binds the values of an answer, in the order of ``answerColumns``.
  static func bind(_ collected: CollectedAnswer, to statement: inout RowStatement) {
    let row = ResultRow(collected)
    for index in RecordField.answered.indices { statement.bind(RecordField.answered[index].value(row)) }
  }
}
