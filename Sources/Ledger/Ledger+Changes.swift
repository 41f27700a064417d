import GRDB
import InventoryModel

extension Ledger {
  /// Holds every row of an ended run against the newest answer that an earlier run gave for its project, in one
  /// transaction. What was there of an earlier computation is replaced.
  ///
  /// Earlier runs are those with smaller numbers, however they ended; of a project that one of them lists several times,
  /// the first line with an answer counts. In a database's first run nothing is compared: no earlier run has ended, and
  /// none has an answer. Rows with IDs that can't be asked for are never compared. A row that said the same as an answer
  /// which has been deleted since goes on saying so, unless there is a newer one now.
  package func computeChanges(ofRun run: Int64) throws(LedgerError) {
    try writing {
      try pool.write { db in
        let earlier = try Int64.fetchAll(db, sql: "SELECT id FROM runs WHERE id < ? ORDER BY id DESC", arguments: [run])
        // Those that were deleted are among them: without any, no row has ever been compared.
        guard !earlier.isEmpty else { return }
        try db.execute(
          sql: """
            UPDATE results AS n SET change = NULL, changed_fields = NULL, last_good_webhook_url = NULL, last_good_at = NULL,
              previous_run = NULL, previous_line = NULL
            WHERE n.run_id = ? AND n.change IS NOT NULL AND NOT \(Self.comparedWithDeleted)
            """, arguments: [run])
        let answers = EarlierAnswers(db: db, run: run)
        try answers.collect(from: earlier)
        if try answers.isAny || Self.anEarlierRunHasEnded(than: run, in: db) {
          try db.execute(sql: Self.compareRows, arguments: ["run": run])
        }
        try answers.drop()
      }
    }
  }

  /// Or, where it never has, has been deleted with the answers that it had.
  private static func anEarlierRunHasEnded(than run: Int64, in db: Database) throws -> Bool {
    try Bool.fetchOne(
      db,
      sql: """
        SELECT EXISTS (
          SELECT 1 FROM runs WHERE id < ? AND (finished_at IS NOT NULL OR (pruned_at IS NOT NULL
            AND coalesce(outcomes ->> 'found', outcomes ->> 'not_found') IS NOT NULL)))
        """, arguments: [run]) ?? false
  }

  /// Of a row `n`: what ``ThinnedHistory`` leaves of where an answer stood that said the same as the row, and is gone.
  static let comparedWithDeleted = "(n.previous_run IS NOT NULL AND n.previous_line IS NULL)"

  private static let compareRows = """
    UPDATE results AS n SET
      change = \(ChangeSQL.change),
      changed_fields = \(ChangeSQL.changedFields),
      last_good_webhook_url = \(ChangeSQL.lastGoodWebhookURL),
      last_good_at = \(ChangeSQL.lastGoodAt),
      previous_run = e.run_id, previous_line = e.line
    FROM \(EarlierAnswers.table) AS a LEFT JOIN results AS e ON e.run_id = a.run_id AND e.line = a.line
    WHERE n.run_id = :run AND n.outcome <> 'invalid_id' AND a.project_id = n.project_id
      AND NOT (\(comparedWithDeleted) AND coalesce(a.run_id, 0) < n.previous_run)
    """
}

/// Where the newest earlier answer for each project of a run stands: temporary tables of the writing connection.
///
/// An index over all runs would be quicker here, but slow every list down that is entered, and take its space for good.
/// The tables are filled in the order of their keys, which sorts outside memory.
private struct EarlierAnswers {
  let db: Database
  let run: Int64

  /// `project_id` and, where there is an answer, its `run_id` and `line`.
  static let table = "temp.earlier_answers"
  /// Projects of the run for which no answer has been found yet.
  private static let open = "temp.open_projects"

  /// - Parameter runs: earlier ones, newest first; taken until each project has its answer.
  func collect(from runs: [Int64]) throws {
    // What a failed computation may have left.
    try drop()
    try db.execute(
      sql: "CREATE TABLE \(Self.table) (project_id TEXT PRIMARY KEY, run_id INTEGER, line INTEGER) WITHOUT ROWID")
    if let newest = runs.first { try take(from: newest, where: "1") }
    try db.execute(sql: "CREATE TABLE \(Self.open) (project_id TEXT PRIMARY KEY) WITHOUT ROWID")
    try db.execute(
      sql: """
        INSERT INTO \(Self.open) SELECT DISTINCT project_id FROM results
        WHERE run_id = ? AND outcome <> 'invalid_id' AND project_id NOT IN (SELECT project_id FROM \(Self.table))
        ORDER BY project_id
        """, arguments: [run])
    for earlier in runs.dropFirst() {
      guard try hasRows(Self.open) else { return }
      try take(from: earlier, where: "project_id IN (SELECT project_id FROM \(Self.open))")
      try db.execute(
        sql: "DELETE FROM \(Self.open) WHERE project_id IN (SELECT project_id FROM \(Self.table) WHERE run_id = ?)",
        arguments: [earlier])
    }
    try db.execute(sql: "INSERT INTO \(Self.table) SELECT project_id, NULL, NULL FROM \(Self.open)")
  }

  var isAny: Bool { get throws { try hasRows("\(Self.table) WHERE run_id IS NOT NULL") } }

  func drop() throws {
    for table in [Self.table, Self.open] { try db.execute(sql: "DROP TABLE IF EXISTS \(table)") }
  }

  private func take(from earlier: Int64, where condition: String) throws {
    try db.execute(
      sql: """
        INSERT INTO \(Self.table) SELECT project_id, run_id, min(line) FROM results
        WHERE run_id = ? AND outcome IN \(ChangeSQL.answers) AND \(condition)
        GROUP BY project_id ORDER BY project_id
        """, arguments: [earlier])
  }

  private func hasRows(_ source: String) throws -> Bool {
    try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM \(source))") ?? false
  }
}
