import GRDB
package import InventoryModel

extension LedgerDatabase {
  /// Compares every row of an ended run with the newest earlier answer for its project, in one transaction. Replaces
  /// the result of an earlier computation.
  ///
  /// Only answers of the history count (``EarlierRuns``). If a run lists a project several times, the first line with
  /// an answer counts. In a database's first run, nothing is compared. Rows with invalid IDs are never compared. A row
  /// that equaled an answer that has since been deleted remains unchanged, unless there is a newer answer now.
  ///
  /// - Parameter limit: how many integrations may disappear at once; nil to never hold the run.
  /// - Returns: why the run must be held, or nil. The rows of a run that must be held are not compared with anything.
  ///   The run stays `running` until its reports are in place.
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
    // In a database with a single run, no row has ever been compared.
    if try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM runs WHERE id <> ?)", arguments: [run]) ?? false {
      try forgetChanges(where: "NOT \(comparedWithDeleted)", ofRun: run, in: db)
      try compareRows(with: earlier, in: db)
    }
    guard let limit, let reason = try reasonToHold(beyond: limit, with: earlier, in: db) else { return nil }
    try forgetChanges(where: "1", ofRun: run, in: db)
    try hold(run, for: reason, in: db)
    return reason
  }

  /// SQL condition for a row `n`: the row was unchanged, and ``PrunedHistory`` has deleted the answer it was compared
  /// with. Only the answer's run is still recorded.
  static let comparedWithDeleted = "(n.previous_run IS NOT NULL AND n.previous_line IS NULL)"

  /// Clears the comparison of rows. The reference to the run of a deleted answer stays, because it can't be computed
  /// again.
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
