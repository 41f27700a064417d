import GRDB
package import InventoryModel

extension LedgerDatabase {
  /// Compares every row of an ended run with the newest answer that was given for its project before, in one
  /// transaction. The result of an earlier computation is replaced.
  ///
  /// Only answers of the history count (``EarlierRuns``). Of a project that a run lists several times, the first line
  /// with an answer counts. In a database's first run nothing is compared. Rows with IDs that can't be asked for are
  /// never compared. A row that said the same as an answer which has been deleted since still says so, unless there is
  /// a newer one now.
  ///
  /// - Parameter limit: how many integrations may disappear at once; nil to hold no run.
  /// - Returns: why the run must be held; then its rows are compared with nothing. The run is `running` until its
  ///   reports are in place.
  @discardableResult
  package func computeChanges(
    ofRun run: Int64, holdingBeyond limit: GoneLimit? = nil
  ) throws(LedgerError) -> HeldReason? {
    try writing {
      try pool.write { db in try Self.computeChanges(ofRun: run, holdingBeyond: limit, in: db) }
    }
  }

  static func computeChanges(
    ofRun run: Int64, holdingBeyond limit: GoneLimit?, in db: Database
  ) throws -> HeldReason? {
    guard let earlier = try EarlierRuns(before: run, in: db) else { return nil }
    try db.execute(
      sql: """
        UPDATE runs SET state = CASE state WHEN 'held' THEN 'running' ELSE state END, held = NULL, previous_run = ?
        WHERE id = ?
        """, arguments: [earlier.previous, run])
    // Alone in its database, no row has ever been compared.
    if try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM runs WHERE id <> ?)", arguments: [run]) ?? false {
      try forgetChanges(where: "NOT \(comparedWithDeleted)", ofRun: run, in: db)
      try compareRows(with: earlier, in: db)
    }
    guard let limit, let reason = try reasonToHold(beyond: limit, with: earlier, in: db) else { return nil }
    try forgetChanges(where: "1", ofRun: run, in: db)
    try hold(run, for: reason, in: db)
    return reason
  }

  /// Of a row `n`: what ``PrunedHistory`` leaves of where an answer stood that said the same as the row, and is gone.
  static let comparedWithDeleted = "(n.previous_run IS NOT NULL AND n.previous_line IS NULL)"

  /// That a row was compared with an answer which has been deleted stays: it can't be found out again.
  private static func forgetChanges(where condition: String, ofRun run: Int64, in db: Database) throws {
    try db.execute(
      sql: """
        UPDATE results AS n SET \(ChangeSQL.columns.map { "\($0) = NULL" }.joined(separator: ", ")),
          previous_run = CASE WHEN \(comparedWithDeleted) THEN n.previous_run END, previous_line = NULL
        WHERE n.run_id = ? AND n.change IS NOT NULL AND \(condition)
        """, arguments: [run])
  }

  private static func compareRows(with earlier: EarlierRuns, in db: Database) throws {
    guard !earlier.spans.isEmpty else { return }
    var answers = EarlierAnswers(earlier, in: db)
    try answers.collect()
    if try earlier.previous != nil || answers.isAny {
      var arguments: StatementArguments = ["run": earlier.own.run]
      if answers.isAmbiguous { arguments += ["ended": earlier.own.finishedAt] }
      try db.execute(sql: comparison(picking: answers.isAmbiguous), arguments: arguments)
      try db.execute(
        sql: """
          UPDATE results AS n SET change = 'unchanged'
          WHERE n.run_id = ? AND n.change IS NULL AND \(comparedWithDeleted)
          """, arguments: [earlier.own.run])
    }
    try answers.drop()
  }

  /// - Parameter picking: whether a project may have several answers to choose from.
  private static func comparison(picking: Bool) -> String {
    """
    UPDATE results AS n SET
      \(ChangeSQL.columns.map { "\($0) = \(ChangeSQL.value(of: $0))" }.joined(separator: ",\n      ")),
      previous_run = e.run_id, previous_line = e.line
    FROM \(EarlierAnswers.table) AS a LEFT JOIN results AS e ON e.run_id = a.run_id AND e.line = a.line
    WHERE n.run_id = :run AND n.outcome <> 'invalid_id' AND a.project_id = n.project_id
      AND \(picking ? EarlierAnswers.isNewest : "1")
      AND NOT (\(comparedWithDeleted)
        AND a.answered_at <= (SELECT finished_at FROM runs WHERE id = n.previous_run))
    """
  }
}
