import GRDB
import InventoryModel
import TextFormats

extension LedgerDatabase {
  /// The newest earlier run of the history when the changes of a run were computed; nil if there was none.
  ///
  /// The earlier run may have been deleted since. The rows that are needed for the comparison are still available.
  static func previousRun(of run: Int64, in db: Database) throws -> RunOverview.PreviousRun? {
    let row = try Row.fetchOne(
      db,
      sql: "SELECT id, started_at FROM runs WHERE id = (SELECT previous_run FROM runs WHERE id = ?)", arguments: [run])
    return row.map { row in
      .init(id: row[0], startedAt: Timestamp(rfc3339: row[1] as String) ?? Timestamp(milliseconds: 0))
    }
  }

  /// Calls the body with each project that an earlier run lists and this run does not, in ID order, with the newest
  /// answer known to the earlier run.
  static func forEachUnlisted(
    inRun run: Int64, against earlier: Int64, in db: Database, _ body: (UnlistedProject) throws -> Void
  ) throws {
    let row = try RowReader(db, sql: unlisted, ["run": run, "earlier": earlier])
    while try row.next() {
      let lastGood = row.text(2).map { LastGood(webhookURL: row.text(1), at: $0) }
      try body(UnlistedProject(projectID: row.presentText(0), lastGood: lastGood))
    }
  }

  /// Groups in sorted order, which takes little memory. If a project is listed several times, the first row with an
  /// answer counts, or else the first row.
  private static let unlisted = """
    SELECT b.project_id,
      CASE WHEN b.outcome IN \(ChangeSQL.answers) THEN b.webhook_url ELSE b.last_good_webhook_url END,
      CASE WHEN b.outcome IN \(ChangeSQL.answers) THEN b.fetched_at ELSE b.last_good_at END
    FROM \(unlistedRows)
    ORDER BY u.project_id
    """

  /// The rows `b` of the run `:earlier` whose projects are not in the run `:run`.
  static let unlistedRows = """
    (
      SELECT project_id, max(CASE WHEN run_id = :run THEN 1 << 50
        WHEN outcome IN \(ChangeSQL.answers) THEN (1 << 40) - line ELSE -line END) AS best
      FROM results WHERE run_id IN (:run, :earlier) AND outcome <> 'invalid_id'
      GROUP BY project_id) AS u
    CROSS JOIN results AS b ON b.run_id = :earlier
      AND b.line = CASE WHEN u.best > 0 THEN (1 << 40) - u.best ELSE -u.best END
    WHERE u.best < 1 << 50
    """
}
