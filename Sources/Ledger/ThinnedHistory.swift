import GRDB
import InventoryModel

/// Takes runs out of a database, and leaves of their rows what the runs that stay and all later ones need, so that these
/// say the same as if nothing had been deleted:
///
/// - of each project, the newest answer between two runs that stay: what the second of them, and those after it, are
///   compared with. Where all rows of the second say that nothing has changed, they are that answer, and it can go;
/// - the answers that other rows of runs that stay were compared with;
/// - the rows by which a run that stays tells what is no longer in its list.
///
/// A project that no run lists which stays, and none tells of as unlisted, is forgotten as if it had never been there.
struct ThinnedHistory {
  let db: Database
  /// Runs that stay, oldest first.
  private let kept: [Int64]
  /// Those that are deleted now, and those that were before.
  private let pruned: [Int64]
  private let deleting: [Int64]

  /// Rows that stay of runs that don't.
  private static let needed = "temp.needed_rows"
  /// Projects that are not forgotten.
  private static let projects = "temp.known_projects"
  /// Projects of the needed rows, and the runs of these.
  private static let places = "temp.needed_places"
  /// The newest answers between two runs that stay.
  private static let newest = "temp.newest_answers"

  init(db: Database, deleting: [Int64]) throws {
    self.db = db
    self.deleting = deleting
    let gone = try Set(Int64.fetchAll(db, sql: "SELECT id FROM runs WHERE pruned_at IS NOT NULL")).union(deleting)
    let all = try Int64.fetchAll(db, sql: "SELECT id FROM runs ORDER BY id")
    kept = all.filter { !gone.contains($0) }
    pruned = all.filter(gone.contains)
  }

  /// - Returns: the rows that are gone, and those that stay of deleted runs.
  func thin(at time: Timestamp) throws -> (deleted: Int, needed: Int) {
    try recordOutcomes(at: time)
    try db.execute(
      sql: """
        CREATE TABLE \(Self.needed) (run_id INTEGER, line INTEGER, PRIMARY KEY (run_id, line)) WITHOUT ROWID;
        CREATE TABLE \(Self.projects) (project_id TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE \(Self.places) (project_id TEXT, run_id INTEGER, PRIMARY KEY (project_id, run_id)) WITHOUT ROWID;
        CREATE TABLE \(Self.newest) (project_id TEXT PRIMARY KEY, run_id INTEGER, line INTEGER) WITHOUT ROWID;
        """)
    for run in kept { try keepUnlisted(inRun: run) }
    try keepComparedAnswers()
    try findProjects()
    for (index, run) in kept.enumerated() {
      let from = index > 0 ? kept[index - 1] : 0
      try keepNewestAnswers(of: pruned.filter { from < $0 && $0 < run }, beforeRun: run)
    }
    try forgetPlaces()
    try db.execute(sql: "DELETE FROM findings WHERE run_id IN \(list(deleting))")
    try db.execute(sql: "DELETE FROM results WHERE run_id IN \(list(pruned)) AND NOT \(isNeeded("run_id", "line"))")
    let deleted = db.changesCount
    try reduceNeededRows()
    let needed = try Int.fetchOne(db, sql: "SELECT count(*) FROM \(Self.needed)") ?? 0
    for table in [Self.needed, Self.projects, Self.places, Self.newest] { try db.execute(sql: "DROP TABLE \(table)") }
    return (deleted, needed)
  }

  /// What is told of a run without its rows. Counts of one that has never ended may be those of an earlier stop.
  private func recordOutcomes(at time: Timestamp) throws {
    for run in deleting {
      try db.execute(
        sql: """
          UPDATE runs SET pruned_at = :time, outcomes = CASE WHEN finished_at IS NOT NULL AND outcomes IS NOT NULL
            THEN outcomes ELSE (
              SELECT json_group_object(outcome, rows) FROM (
                SELECT outcome, count(*) AS rows FROM results WHERE run_id = :run AND outcome IS NOT NULL
                GROUP BY outcome)) END
          WHERE id = :run
          """, arguments: ["time": time.description, "run": run])
    }
  }

  private func keepUnlisted(inRun run: Int64) throws {
    guard let earlier = try Ledger.previousRun(of: run, in: db)?.id, pruned.contains(earlier) else { return }
    try db.execute(
      sql: """
        INSERT OR IGNORE INTO \(Self.needed) SELECT :earlier, b.line FROM \(Ledger.unlistedRows) ORDER BY b.line
        """, arguments: ["run": run, "earlier": earlier])
  }

  private func findProjects() throws {
    try db.execute(
      sql: """
        INSERT INTO \(Self.places)
        SELECT DISTINCT results.project_id, results.run_id FROM \(Self.needed) AS needed
          CROSS JOIN results ON results.run_id = needed.run_id AND results.line = needed.line
        ORDER BY 1, 2;

        INSERT INTO \(Self.projects)
        SELECT project_id FROM results WHERE run_id IN \(list(kept)) AND outcome IS NOT 'invalid_id'
        UNION
        SELECT project_id FROM \(Self.places)
        ORDER BY 1;
        """)
  }

  /// - Parameters:
  ///   - runs: one after the other, all deleted.
  ///   - next: the run that stays after them.
  private func keepNewestAnswers(of runs: [Int64], beforeRun next: Int64) throws {
    guard !runs.isEmpty else { return }
    try db.execute(sql: "DELETE FROM \(Self.newest)")
    for run in runs.reversed() {
      try db.execute(
        sql: """
          INSERT OR IGNORE INTO \(Self.newest) SELECT project_id, run_id, min(line) FROM results
          WHERE run_id = ? AND outcome IN \(ChangeSQL.answers) GROUP BY project_id ORDER BY project_id
          """, arguments: [run])
    }
    try db.execute(
      sql: """
        DELETE FROM \(Self.newest) WHERE project_id NOT IN (SELECT project_id FROM \(Self.projects));

        DELETE FROM \(Self.newest) WHERE (project_id, run_id, line) IN (
          SELECT project_id, min(previous_run), min(previous_line) FROM results
          WHERE run_id = \(next) AND outcome IS NOT 'invalid_id' GROUP BY project_id
          HAVING min(change IS 'unchanged') AND min(previous_run) = max(previous_run)
            AND min(previous_line) = max(previous_line))
          -- Of several rows of a project, the first one counts: it stays as long as any other does.
          AND NOT EXISTS (
            SELECT 1 FROM \(Self.places) AS places
            WHERE places.project_id = newest_answers.project_id AND places.run_id = newest_answers.run_id);

        INSERT OR IGNORE INTO \(Self.needed) SELECT run_id, line FROM \(Self.newest) ORDER BY run_id, line;
        """)
  }

  private var comparedWithPruned: String {
    "run_id IN \(list(kept)) AND previous_run IN \(list(pruned)) AND previous_line IS NOT NULL"
  }

  private func keepComparedAnswers() throws {
    try db.execute(
      sql: """
        INSERT OR IGNORE INTO \(Self.needed) SELECT previous_run, previous_line FROM results
        WHERE \(comparedWithPruned) AND change IS NOT 'unchanged' ORDER BY previous_run, previous_line
        """)
  }

  /// Of rows that were compared with an answer which goes, the run alone stays.
  private func forgetPlaces() throws {
    try db.execute(
      sql: """
        UPDATE results SET previous_line = NULL
        WHERE \(comparedWithPruned) AND change = 'unchanged' AND NOT \(isNeeded("previous_run", "previous_line"))
        """)
  }

  /// To what they are needed for.
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
    "EXISTS (SELECT 1 FROM \(Self.needed) AS needed WHERE needed.run_id = results.\(run) AND needed.line = results.\(line))"
  }

  private func list(_ runs: [Int64]) -> String { "(\(runs.map(String.init).joined(separator: ", ")))" }
}
