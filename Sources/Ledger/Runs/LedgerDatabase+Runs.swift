import GRDB
package import InventoryModel
package import TextFormats

extension LedgerDatabase {
  /// Records that collecting has ended, and the outcome counts. Settles rows that share a request with the request's
  /// answer. A recorded end time stays: nothing has been requested since.
  ///
  /// - Parameter resumeAfter: the earliest useful time to request the run's open rows; nil for any time.
  package func markCollected(run: Int64, at time: Timestamp, resumeAfter: Timestamp? = nil) throws(LedgerError) {
    try writing {
      try pool.write { db in
        try Self.settleSharedRows(ofRun: run, in: db)
        let counts = try Self.outcomeCounts(ofRun: run, in: db)
        var json = JSONText()
        json.object { json in
          for outcome in Outcome.allCases where counts[outcome] > 0 {
            json.key(text: outcome.rawValue)
            json.value(counts[outcome])
          }
        }
        try db.execute(
          sql: "UPDATE runs SET finished_at = coalesce(finished_at, ?), outcomes = ?, resume_after = ? WHERE id = ?",
          arguments: [time.description, json.string, resumeAfter?.description, run])
      }
    }
  }

  package func setState(_ state: RunState, ofRun run: Int64) throws(LedgerError) {
    try writing {
      try pool.write { db in
        try db.execute(sql: "UPDATE runs SET state = ? WHERE id = ?", arguments: [state.rawValue, run])
      }
    }
  }

  /// The run as stored in the database, deleted or not; nil if there never was such a run.
  package func run(_ id: Int64) throws(LedgerError) -> RunRecord? {
    try writing {
      try pool.read { db in
        try Row.fetchOne(db, sql: "\(Self.selectRun) WHERE id = ?", arguments: [id]).map { try Self.record($0, in: db) }
      }
    }
  }

  /// All runs except deleted ones, oldest first.
  package func runs() throws(LedgerError) -> [RunListing] {
    try writing {
      try pool.read { db in
        try Row.fetchAll(db, sql: "\(Self.selectRun) WHERE pruned_at IS NULL ORDER BY id").map { row in
          let record = try Self.record(row, in: db)
          return RunListing(
            record: record, outcomes: try Self.outcomes(ofRun: record.id, recorded: row["outcomes"], in: db))
        }
      }
    }
  }

  private static let selectRun = """
    SELECT id, state, started_at, finished_at, list_path, list_rows, input_columns, base_url, rate, concurrency,
      shard, version, requests, responses, list_digest, pruned_at,
      CASE WHEN finished_at IS NOT NULL THEN outcomes END AS outcomes,
      whole_list_rows, resume_after, \(heldColumns)
    FROM runs
    """

  private static func record(_ row: Row, in db: Database) throws -> RunRecord {
    let columns = try String.fetchAll(
      db, sql: "SELECT value FROM json_each(?) ORDER BY key", arguments: [row[6] as String])
    let state = RunState(rawValue: row[1]) ?? .running
    return RunRecord(
      id: row[0], state: state,
      startedAt: Timestamp(rfc3339: row[2] as String) ?? Timestamp(milliseconds: 0),
      finishedAt: (row[3] as String?).flatMap { Timestamp(rfc3339: $0) }, listPath: row[4], listRows: row[5],
      wholeListRows: row["whole_list_rows"], listDigest: row[14], inputColumns: columns, baseURL: row[7], rate: row[8],
      concurrency: row[9],
      shard: row[10], version: row[11],
      requests: row[12], responses: row[13], prunedAt: (row[15] as String?).flatMap { Timestamp(rfc3339: $0) },
      held: state == .held ? heldReason(row) : nil,
      resumeAfter: (row["resume_after"] as String?).flatMap { Timestamp(rfc3339: $0) })
  }

  package func outcomeCounts(ofRun run: Int64) throws(LedgerError) -> OutcomeCounts {
    try writing {
      try pool.read { db in
        try Self.outcomeCounts(ofRun: run, in: db)
      }
    }
  }

  /// Whether requests were made, and every credential that was used received only 401 responses.
  package func everyCredentialWasRefused(inRun run: Int64) throws(LedgerError) -> Bool {
    try writing {
      try pool.read { db in
        let sql = """
          SELECT count(*) > 0 AND min(refused) = 1 FROM (
            SELECT count(http_status) > 0 AND min(http_status) = 401 AND max(http_status) = 401 AS refused
            FROM results WHERE run_id = ? AND attempts > 0 GROUP BY credential)
          """
        return try Bool.fetchOne(db, sql: sql, arguments: [run]) ?? false
      }
    }
  }
}
