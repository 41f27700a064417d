import GRDB
import InventoryModel
import TextFormats

extension LedgerDatabase {
  /// The newest earlier run of the history as it was when the changes of a run were computed; nil when there was none.
  ///
  /// That it may have been deleted since is no matter: what is needed of it is still there.
  static func previousRun(of run: Int64, in db: Database) throws -> RunOverview.PreviousRun? {
    let row = try Row.fetchOne(
      db,
      sql: "SELECT id, started_at FROM runs WHERE id = (SELECT previous_run FROM runs WHERE id = ?)", arguments: [run])
    return row.map { row in
      .init(id: row[0], startedAt: Timestamp(rfc3339: row[1] as String) ?? Timestamp(milliseconds: 0))
    }
  }

  /// Hands out the projects that an earlier run lists and this one lacks, by their IDs, with the newest answer that the
  /// earlier run knew of.
  static func forEachUnlisted(
    inRun run: Int64, against earlier: Int64, in db: Database, _ body: (UnlistedProject) throws -> Void
  ) throws {
    let row = try RowReader(db, sql: unlisted, ["run": run, "earlier": earlier])
    while try row.next() {
      let lastGood = row.text(2).map { LastGood(webhookURL: row.text(1), at: $0) }
      try body(UnlistedProject(projectID: row.presentText(0), lastGood: lastGood))
    }
  }

  /// Groups in sorted order, which takes no memory to speak of. Of a project that is listed several times, the first row
  /// with an answer counts, else the first.
  private static let unlisted = """
    SELECT b.project_id,
      CASE WHEN b.outcome IN \(ChangeSQL.answers) THEN b.webhook_url ELSE b.last_good_webhook_url END,
      CASE WHEN b.outcome IN \(ChangeSQL.answers) THEN b.fetched_at ELSE b.last_good_at END
    FROM \(unlistedRows)
    ORDER BY u.project_id
    """

  /// The rows `b` of the run `:earlier` whose projects the run `:run` lacks.
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
