import GRDB
package import InventoryModel
package import TextFormats

/// Which rows of a run to request again.
package enum ReopenedRows: Sendable {
  /// The rows that were left open when the run ended early.
  case open
  /// All rows without an answer, except rows with invalid IDs.
  case unanswered

  var condition: String {
    switch self {
    case .open:
      "outcome = 'skipped' AND error_code IN (\(ErrorCode.open.map { "'\($0.rawValue)'" }.joined(separator: ", ")))"
    case .unanswered: "outcome NOT IN ('found', 'not_found', 'invalid_id')"
    }
  }
}

extension LedgerDatabase {
  /// The newest run; nil in an empty database.
  package func newestRun() throws(LedgerError) -> RunRecord? { try newestRun(where: "1") }

  /// The newest run that has unsettled rows or lacks reports; nil if there is none. Deleted runs and held runs are
  /// excluded.
  package func newestUnfinishedRun() throws(LedgerError) -> RunRecord? {
    try newestRun(where: "\(Self.isUnfinished) AND pruned_at IS NULL")
  }

  /// SQL condition for the rows of `runs` that are unfinished.
  static let isUnfinished = "state NOT IN ('\(RunState.finished.rawValue)', '\(RunState.held.rawValue)')"

  /// When a run was last active: when it started, when a row was answered, or when it ended.
  package func lastActivity(ofRun run: RunRecord) throws(LedgerError) -> Timestamp {
    let answered = try writing {
      try pool.read { db in
        try String.fetchOne(db, sql: "SELECT max(fetched_at) FROM results WHERE run_id = ?", arguments: [run.id])
      }
    }
    return [run.startedAt, run.finishedAt, answered.flatMap { Timestamp(rfc3339: $0) }].compactMap(\.self).max()
      ?? run.startedAt
  }

  /// The number of rows that a resumed run would request.
  package func openRows(ofRun run: Int64) throws(LedgerError) -> Int { try settling(ofRun: run).open }

  func newestRun(where condition: String) throws(LedgerError) -> RunRecord? {
    let id = try writing {
      try pool.read { db in try Int64.fetchOne(db, sql: "SELECT max(id) FROM runs WHERE \(condition)") }
    }
    guard let id else { return nil }
    return try run(id)
  }

  /// Makes rows of a run pending again, and sets the run to `running`. The number of attempts is kept and continues.
  ///
  /// Rows without a credential get the default credential if there is one now. Rows whose credential does not exist are
  /// settled as `skipped`.
  ///
  /// - Parameters:
  ///   - credentials: names of the available credentials.
  ///   - defaultCredential: the credential for rows that name none; nil if there is none.
  /// - Returns: the number of rows that are pending now, including those that were pending before, and the settled
  ///   rows.
  @discardableResult
  package func reopen(
    _ rows: ReopenedRows, ofRun run: Int64, credentials: [String], defaultCredential: String?
  ) throws(LedgerError) -> (pending: Int, settled: OutcomeCounts) {
    try writing {
      try pool.write { db in
        try Self.settleSharedRows(ofRun: run, in: db)
        try db.execute(
          sql: """
            UPDATE results SET outcome = NULL, http_status = NULL, duration_ms = NULL, fetched_at = NULL,
              error_code = NULL, error_message = NULL, credential = coalesce(credential, ?)
            WHERE run_id = ? AND \(rows.condition)
            """, arguments: [defaultCredential, run])
        var names = JSONText()
        names.array { json in for name in credentials { json.value(name) } }
        // One pass over the rows shows whether another pass is needed.
        let unknown = "(credential IS NULL OR credential NOT IN (SELECT value FROM json_each(?)))"
        let counted = try Row.fetchOne(
          db,
          sql: """
            SELECT \(Self.outcomeColumns), count(*) FILTER (WHERE outcome IS NULL) AS pending,
              count(*) FILTER (WHERE outcome IS NULL AND \(unknown)) AS unknown
            FROM results WHERE run_id = ?
            """, arguments: [names.string, run])
        var settled = counted.map(Self.outcomeCounts) ?? OutcomeCounts()
        var pending: Int = counted?["pending"] ?? 0
        if let rows: Int = counted?["unknown"], rows > 0 {
          try db.execute(
            sql: """
              UPDATE results SET outcome = 'skipped', error_code = ?,
                error_message = coalesce('There is no credential named ' || credential || '.', ?)
              WHERE run_id = ? AND outcome IS NULL AND \(unknown)
              """,
            arguments: [
              ErrorCode.credentialUnknown.rawValue, RowError.noCredential.message, run, names.string,
            ])
          pending -= rows
          settled[.skipped] += rows
        }
        // Open rows already share their requests: they were pending together, and were settled together.
        if case .unanswered = rows { try Self.shareRequests(ofRun: run, in: db) }
        // If only the reports are missing, the run keeps the time at which its last row was settled.
        let finishedAt = pending > 0 ? ", finished_at = NULL" : ""
        try db.execute(
          sql: """
            UPDATE runs SET was_finished = was_finished OR state = 'finished', state = 'running',
              held = NULL, resume_after = NULL\(finishedAt)
            WHERE id = ?
            """, arguments: [run])
        return (pending, settled)
      }
    }
  }

  /// Settles the pending rows of a run as `skipped`, except rows whose request was answered in another row.
  ///
  /// - Returns: how many rows are open now, including rows that were settled this way before.
  package func skipPendingRows(ofRun run: Int64, _ error: RowError) throws(LedgerError) -> Int {
    try writing {
      try pool.write { db in
        try Self.settleSharedRows(ofRun: run, in: db)
        try db.execute(
          sql: """
            UPDATE results SET outcome = 'skipped', error_code = ?, error_message = ?
            WHERE run_id = ? AND outcome IS NULL
            """, arguments: [error.code.rawValue, error.message, run])
        return try Int.fetchOne(
          db, sql: "SELECT count(*) FROM results WHERE run_id = ? AND \(ReopenedRows.open.condition)",
          arguments: [run]) ?? 0
      }
    }
  }

  /// The names of the pending rows' credentials. Call ``indexPendingRowsByCredential()`` first.
  package func pendingCredentials(ofRun run: Int64) throws(LedgerError) -> [String] {
    try writing {
      try pool.read { db in
        try String.fetchAll(
          db,
          sql: """
            SELECT DISTINCT credential FROM results INDEXED BY results_pending
            WHERE run_id = ? AND outcome IS NULL AND credential IS NOT NULL ORDER BY credential
            """, arguments: [run])
      }
    }
  }

  /// Creates an index that finds pending rows by credential. It exists only as long as a run needs it.
  package func indexPendingRowsByCredential() throws(LedgerError) {
    try writing {
      try pool.write { db in
        try db.execute(
          sql: """
            CREATE INDEX IF NOT EXISTS results_pending ON results (run_id, credential, line) WHERE outcome IS NULL
            """)
      }
    }
  }

  /// Drops the index that ``indexPendingRowsByCredential()`` created, even if a killed run has left it behind.
  package func dropPendingIndex() throws(LedgerError) {
    try writing { try pool.write { db in try db.execute(sql: "DROP INDEX IF EXISTS results_pending") } }
  }
}
