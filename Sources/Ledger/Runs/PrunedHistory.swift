import GRDB
import InventoryModel
import TextFormats

/// Deletes runs from a database, but keeps those of their rows that the remaining runs and all later runs need. The
/// results of these runs are the same as if nothing had been deleted. The rows to keep are:
///
/// - for each project, the newest answer of finished runs between two remaining runs. The second of them and later runs
///   are compared with this answer. If the second run is finished and all of its rows for the project are unchanged,
///   these rows equal the answer, and the answer can be deleted. "Between" refers to time. If a run overlaps with a
///   remaining run, all of its answers are kept;
/// - the answers that other rows of remaining runs were compared with;
/// - the rows that show which projects a remaining run no longer lists.
///
/// A project is forgotten if no remaining run lists it or reports it as unlisted.
struct PrunedHistory {
  let db: Database
  /// The remaining runs, oldest first by end time.
  private let kept: [Run]
  /// The runs to delete now and the runs deleted earlier, in the same order.
  private let pruned: [Run]
  private let deleting: [Int64]

  private struct Run {
    let span: EarlierRuns.Span
    let isInHistory: Bool
    var id: Int64 { span.run }
  }

  /// The rows of deleted runs that are kept.
  private static let needed = "temp.needed_rows"
  /// The projects that are not forgotten.
  private static let projects = "temp.known_projects"
  /// The projects of the needed rows, and the runs of these rows.
  private static let places = "temp.needed_places"
  /// The newest answers between two remaining runs.
  private static let newest = "temp.newest_answers"

  init(db: Database, deleting: [Int64]) throws {
    self.db = db
    self.deleting = deleting
    let gone = try Set(Int64.fetchAll(db, sql: "SELECT id FROM runs WHERE pruned_at IS NOT NULL")).union(deleting)
    let all = try Row.fetchAll(
      db, sql: "SELECT id, started_at, finished_at, \(EarlierRuns.belongs) AS belongs FROM runs"
    ).map { Run(span: EarlierRuns.Span($0), isInHistory: $0["belongs"]) }.sorted { $0.span.ended(before: $1.span) }
    kept = all.filter { !gone.contains($0.id) }
    pruned = all.filter { gone.contains($0.id) }
  }

  /// - Returns: the number of deleted rows, and the number of rows of deleted runs that are kept.
  func thin(at time: Timestamp) throws -> (deleted: Int, needed: Int) {
    try recordOutcomes(at: time)
    try db.execute(
      sql: """
        CREATE TABLE \(Self.needed) (run_id INTEGER, line INTEGER, PRIMARY KEY (run_id, line)) WITHOUT ROWID;
        CREATE TABLE \(Self.projects) (project_id TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE \(Self.places) (project_id TEXT, run_id INTEGER, PRIMARY KEY (project_id, run_id)) WITHOUT ROWID;
        CREATE TABLE \(Self.newest) (
          project_id TEXT PRIMARY KEY, answered_at TEXT, run_id INTEGER, line INTEGER) WITHOUT ROWID;
        """)
    for run in kept { try keepUnlisted(inRun: run.id) }
    try keepComparedAnswers()
    try findProjects()
    try keepNewestAnswers()
    try forgetPlaces()
    try db.execute(sql: "DELETE FROM findings WHERE run_id IN \(list(deleting))")
    try db.execute(
      sql: "DELETE FROM results WHERE run_id IN \(list(pruned.map(\.id))) AND NOT \(isNeeded("run_id", "line"))")
    let deleted = db.changesCount
    try reduceNeededRows()
    let needed = try Int.fetchOne(db, sql: "SELECT count(*) FROM \(Self.needed)") ?? 0
    for table in [Self.needed, Self.projects, Self.places, Self.newest] { try db.execute(sql: "DROP TABLE \(table)") }
    return (deleted, needed)
  }

  /// Records the outcome counts, which are shown for a deleted run. If a run has never ended, its recorded counts may
  /// be outdated, so the rows are counted.
  private func recordOutcomes(at time: Timestamp) throws {
    for run in deleting {
      try db.execute(
        sql: """
          UPDATE runs SET pruned_at = :time, outcomes = CASE WHEN finished_at IS NOT NULL AND outcomes IS NOT NULL
            THEN outcomes ELSE (
              SELECT json_group_object(outcome, rows) FROM (
                SELECT outcome, count(*) AS rows FROM \(LedgerDatabase.rows())
                WHERE run_id = :run AND outcome IS NOT NULL
                GROUP BY outcome)) END
          WHERE id = :run
          """, arguments: ["time": time.description, "run": run])
    }
  }

  /// Keeps the rows for projects that the run no longer lists, compared with the run that its list was compared with,
  /// and with the run that it would be compared with when it is accepted.
  private func keepUnlisted(inRun run: Int64) throws {
    let previous = try [LedgerDatabase.previousRun(of: run, in: db)?.id, EarlierRuns(before: run, in: db)?.previous]
    for earlier in Set(previous.compactMap(\.self)) where pruned.contains(where: { $0.id == earlier }) {
      try db.execute(
        sql: """
          INSERT OR IGNORE INTO \(Self.needed) SELECT :earlier, b.line FROM \(LedgerDatabase.unlistedRows)
          ORDER BY b.line
          """, arguments: ["run": run, "earlier": earlier])
    }
  }

  private func findProjects() throws {
    try db.execute(
      sql: """
        INSERT INTO \(Self.places)
        SELECT DISTINCT results.project_id, results.run_id FROM \(Self.needed) AS needed
          CROSS JOIN results ON results.run_id = needed.run_id AND results.line = needed.line
        ORDER BY 1, 2;

        INSERT INTO \(Self.projects)
        SELECT project_id FROM results WHERE run_id IN \(list(kept.map(\.id))) AND outcome IS NOT 'invalid_id'
        UNION
        SELECT project_id FROM \(Self.places)
        ORDER BY 1;
        """)
  }

  private func keepNewestAnswers() throws {
    /// Deleted runs between two consecutive remaining runs.
    var between: [Run] = []
    var left = pruned.filter(\.isInHistory)[...]
    for run in kept.map(Optional.some) + [nil] {
      while let next = left.first, run.map({ next.span.ended(before: $0.span) }) ?? true {
        left.removeFirst()
        if kept.contains(where: { $0.span.overlaps(next.span) }) {
          try keepNewestAnswers(of: [next], beforeRun: nil)
        } else {
          between.append(next)
        }
      }
      try keepNewestAnswers(of: between, beforeRun: run)
      between = []
    }
  }

  /// - Parameters:
  ///   - runs: deleted runs only.
  ///   - next: the remaining run after them, if it may have the same answers; nil if none does.
  private func keepNewestAnswers(of runs: [Run], beforeRun next: Run?) throws {
    guard !runs.isEmpty else { return }
    try db.execute(sql: "DELETE FROM \(Self.newest)")
    for run in runs.reversed() {
      try db.execute(
        sql: """
          INSERT INTO \(Self.newest) SELECT project_id, coalesce(fetched_at, ''), run_id, line FROM (
            SELECT project_id, fetched_at, run_id, min(line) AS line FROM results
            WHERE run_id = ? AND outcome IN \(ChangeSQL.answers) GROUP BY project_id)
          WHERE true ORDER BY project_id
          ON CONFLICT DO UPDATE SET answered_at = excluded.answered_at, run_id = excluded.run_id, line = excluded.line
            WHERE (excluded.answered_at, excluded.run_id) > (newest_answers.answered_at, newest_answers.run_id)
          """, arguments: [run.id])
    }
    try db.execute(
      sql: "DELETE FROM \(Self.newest) WHERE project_id NOT IN (SELECT project_id FROM \(Self.projects))")
    if let next, next.isInHistory {
      try db.execute(
        sql: """
          DELETE FROM \(Self.newest) WHERE (project_id, run_id, line) IN (
            SELECT project_id, min(previous_run), min(previous_line) FROM results
            WHERE run_id = ? AND outcome IS NOT 'invalid_id' GROUP BY project_id
            HAVING min(change IS 'unchanged') AND min(previous_run) = max(previous_run)
              AND min(previous_line) = max(previous_line))
            -- Of several rows of a project, the first one counts: it stays as long as any other does.
            AND NOT EXISTS (
              SELECT 1 FROM \(Self.places) AS places
              WHERE places.project_id = newest_answers.project_id AND places.run_id = newest_answers.run_id)
          """, arguments: [next.id])
    }
    try db.execute(
      sql: "INSERT OR IGNORE INTO \(Self.needed) SELECT run_id, line FROM \(Self.newest) ORDER BY run_id, line")
  }

  private var comparedWithPruned: String {
    """
    run_id IN \(list(kept.map(\.id))) AND previous_run IN \(list(pruned.map(\.id))) AND previous_line IS NOT NULL
    """
  }

  private func keepComparedAnswers() throws {
    try db.execute(
      sql: """
        INSERT OR IGNORE INTO \(Self.needed) SELECT previous_run, previous_line FROM results
        WHERE \(comparedWithPruned) AND change IS NOT 'unchanged' ORDER BY previous_run, previous_line
        """)
  }

  /// Keeps only the run of an answer that is deleted, in the rows that were compared with the answer.
  private func forgetPlaces() throws {
    try db.execute(
      sql: """
        UPDATE results SET previous_line = NULL
        WHERE \(comparedWithPruned) AND change = 'unchanged' AND NOT \(isNeeded("previous_run", "previous_line"))
        """)
  }

  /// Clears the columns that are not needed.
  private func reduceNeededRows() throws {
    try db.execute(
      sql: """
        UPDATE results SET input = '{}', change = NULL, changed_fields = NULL, attempts = 0, duration_ms = NULL,
          credential = NULL, error_code = NULL, error_message = NULL, request_line = NULL, previous_run = NULL,
          previous_line = NULL
        WHERE run_id IN \(list(deleting))
        """)
  }

  private func isNeeded(_ run: String, _ line: String) -> String {
    "EXISTS (SELECT 1 FROM \(Self.needed) AS needed WHERE "
      + "needed.run_id = results.\(run) AND needed.line = results.\(line))"
  }

  private func list(_ runs: [Int64]) -> String { "(\(runs.map(String.init).joined(separator: ", ")))" }
}
