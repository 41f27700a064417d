import GRDB
package import InventoryModel

extension Ledger {
  /// The next projects without an answer, in list order; empty when there are no more.
  ///
  /// - Parameters:
  ///   - credential: of the projects; nil for any.
  ///   - line: the last line that was handed out before; 0 at the beginning.
  package func pendingProjects(
    ofRun run: Int64, credential: String? = nil, afterLine line: Int, limit: Int
  ) async throws(LedgerError) -> [PendingProject] {
    do {
      return try await pool.read { db in
        let ofCredential = credential == nil ? "" : "AND credential = :credential"
        let rows = try Row.fetchCursor(
          db.cachedStatement(
            sql: """
              SELECT line, project_id, credential,
                CASE WHEN request_line IS NULL THEN 1 ELSE (
                  SELECT count(*) FROM results AS sharing
                  WHERE sharing.run_id = results.run_id AND sharing.request_line = results.line) END
              FROM results
              WHERE run_id = :run AND line > :line AND outcome IS NULL
                AND (request_line IS NULL OR request_line = line) \(ofCredential)
              ORDER BY line LIMIT :limit
              """),
          arguments: ["run": run, "line": line, "limit": limit]
            + (credential.map { ["credential": $0] } ?? [:] as StatementArguments))
        var projects: [PendingProject] = []
        while let row = try rows.next() {
          projects.append(PendingProject(line: row[0], projectID: row[1], credential: row[2], rows: row[3]))
        }
        return projects
      }
    } catch {
      throw LedgerError(error, path: path, opening: false)
    }
  }

  /// Commits answers, each to its row and to those that share its request, and adds to the run's requests.
  package func commit(
    _ answers: [CollectedAnswer], requests: Int, responses: Int, toRun run: Int64
  ) async throws(LedgerError) {
    do {
      try await pool.write { db in
        let single = try db.cachedStatement(sql: Self.answerRow + " AND line = :line")
        let shared = try db.cachedStatement(sql: Self.answerRow + " AND request_line = :line")
        for answer in answers {
          try (answer.isShared ? shared : single).execute(arguments: Self.arguments(for: answer, run: run))
        }
        try db.execute(
          sql: "UPDATE runs SET requests = requests + ?, responses = responses + ? WHERE id = ?",
          arguments: [requests, responses, run])
      }
    } catch {
      throw LedgerError(error, path: path, opening: false)
    }
  }

  private static let answerRow = """
    UPDATE results SET outcome = :outcome, http_status = :http_status, integration_id = :integration_id,
      brain_id = :brain_id, webhook_url = :webhook_url, webhook_host = :webhook_host, auth_type = :auth_type,
      created_at = :created_at, updated_at = :updated_at, extra = :extra, attempts = attempts + :attempts,
      duration_ms = :duration_ms, fetched_at = :fetched_at, error_code = :error_code, error_message = :error_message
    WHERE run_id = :run AND outcome IS NULL
    """

  /// In the order in which the statement names them.
  private static func arguments(for collected: CollectedAnswer, run: Int64) -> StatementArguments {
    let answer = collected.answer
    let integration = answer.integration
    return [
      answer.outcome.rawValue, answer.httpStatus, integration?.id, integration?.brainID, integration?.webhookURL,
      integration?.webhookHost, integration?.authType, integration?.createdAt, integration?.updatedAt,
      integration?.extraJSON, collected.attempts, collected.durationMS, collected.fetchedAt?.description,
      answer.error?.code.rawValue, answer.error?.message, run, collected.line,
    ]
  }
}
