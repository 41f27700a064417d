import GRDB

/// The history of a database as one run sees it: the runs that were answered before it.
///
/// A run belongs to the history once it is finished. It stays there after it is deleted and while it is reopened.
/// Interrupted, stopped, killed and held runs do not belong to it. "Before" refers to time, not to run numbers: a run
/// that was resumed late has the later answers.
struct EarlierRuns {
  /// The time span of a run. Times are RFC 3339 in UTC with milliseconds, so comparing the texts compares the times.
  struct Span {
    let run: Int64
    let startedAt: String
    /// When the run ended. For a run that has not ended, a text that is later than any time.
    let finishedAt: String

    init(_ row: Row) {
      run = row["id"]
      startedAt = row["started_at"]
      finishedAt = row["finished_at"] ?? "9999"
    }

    func overlaps(_ other: Span) -> Bool { startedAt <= other.finishedAt && other.startedAt <= finishedAt }

    /// Whether this run ended before another. If both ended at the same time, the lower number is the earlier.
    func ended(before other: Span) -> Bool { (finishedAt, run) < (other.finishedAt, other.run) }
  }

  /// SQL condition for the rows of `runs` that belong to the history.
  static let belongs = "(state = 'finished' OR was_finished)"

  let own: Span
  /// The runs of the history, newest first by end time. The first may have ended after ``own`` if it started before it.
  let spans: [Span]

  /// - Returns: nil if there is no such run.
  init?(before run: Int64, in db: Database) throws {
    let columns = "id, started_at, finished_at"
    guard let row = try Row.fetchOne(db, sql: "SELECT \(columns) FROM runs WHERE id = ?", arguments: [run]) else {
      return nil
    }
    own = Span(row)
    spans = try Row.fetchAll(
      db,
      sql: """
        SELECT \(columns) FROM runs
        WHERE id <> :run AND \(Self.belongs) AND (started_at, id) < (:ended, :run)
        ORDER BY coalesce(finished_at, '9999') DESC, id DESC
        """, arguments: ["run": run, "ended": own.finishedAt]
    ).map(Span.init)
  }

  /// The run whose list this run's list is compared with; nil if there is none.
  var previous: Int64? { spans.first { $0.ended(before: own) }?.run }

  /// Whether any of the runs has an answer for any project.
  func haveAnswers(in db: Database) throws -> Bool {
    try spans.contains { span in
      try Bool.fetchOne(
        db,
        sql: """
          SELECT coalesce(
            (SELECT outcomes ->> 'found' IS NOT NULL OR outcomes ->> 'not_found' IS NOT NULL FROM runs
              WHERE id = :run AND outcomes IS NOT NULL),
            EXISTS (SELECT 1 FROM results WHERE run_id = :run AND outcome IN \(ChangeSQL.answers)))
          """, arguments: ["run": span.run]) ?? false
    }
  }
}

/// The earlier answers for a run's projects, in temporary tables of the writing connection.
///
/// An index over all runs would be faster here, but it would slow down every import and take up space permanently. The
/// tables are filled in key order, which SQLite sorts in temporary files.
struct EarlierAnswers {
  let db: Database
  let earlier: EarlierRuns

  /// The answers that a row may have to be compared with.
  ///
  /// For each project, these are the answers of the newest earlier runs, back to the point where no other run can have
  /// a newer one. `answered_at` is the time of the answer. Run 0 means that there is no answer.
  static let table = "temp.earlier_answers"
  /// Projects of the run that have no answer yet that is earlier than all answers of the run.
  private static let open = "temp.open_projects"

  /// Whether a project may have several answers, some later than the row's own. This happens if runs overlap in time.
  private(set) var isAmbiguous = false

  init(_ earlier: EarlierRuns, in db: Database) {
    self.earlier = earlier
    self.db = db
  }

  /// Collects the answers run by run, newest first, until each project has one and no other run can have newer ones.
  mutating func collect() throws {
    // Remove the tables that a failed computation may have left behind.
    try drop()
    try db.execute(
      sql: """
        CREATE TABLE \(Self.table) (
          project_id TEXT, answered_at TEXT, run_id INTEGER, line INTEGER, PRIMARY KEY (project_id, answered_at, run_id)
        ) WITHOUT ROWID
        """)
    // All answers not yet collected are earlier than this.
    var horizon = earlier.own.startedAt
    var hasOpenProjects = false
    for (index, span) in earlier.spans.enumerated() {
      let overlaps = span.finishedAt >= horizon
      if overlaps || index == 0 {
        isAmbiguous = isAmbiguous || overlaps
        try take(from: span, where: "1")
      } else {
        if !hasOpenProjects { try findOpenProjects() }
        hasOpenProjects = true
        guard try hasRows(Self.open) else { break }
        try take(from: span, where: "project_id IN (SELECT project_id FROM \(Self.open))")
      }
      if hasOpenProjects {
        try db.execute(
          sql: """
            DELETE FROM \(Self.open) WHERE project_id IN (
              SELECT project_id FROM \(Self.table) WHERE run_id = ? AND answered_at < ?)
            """, arguments: [span.run, earlier.own.startedAt])
      }
      horizon = min(horizon, span.startedAt)
    }
    if !hasOpenProjects { try findOpenProjects() }
    try db.execute(sql: "INSERT INTO \(Self.table) SELECT project_id, '', 0, 0 FROM \(Self.open)")
  }

  var isAny: Bool { get throws { try hasRows("\(Self.table) WHERE run_id > 0") } }

  func drop() throws {
    for table in [Self.table, Self.open] { try db.execute(sql: "DROP TABLE IF EXISTS \(table)") }
  }

  /// SQL condition: the answer `a` is the newest for the project of the row `n` before the row's own time.
  ///
  /// For a row that was not requested, the row's own time is the end of its run.
  static let isNewest = """
    (a.answered_at, a.run_id) = (
      SELECT answered_at, run_id FROM \(table) WHERE project_id = n.project_id
        AND (answered_at, run_id) < (coalesce(n.fetched_at, :ended), :run)
      ORDER BY answered_at DESC, run_id DESC LIMIT 1)
    """

  private func findOpenProjects() throws {
    try db.execute(
      sql: """
        CREATE TABLE \(Self.open) (project_id TEXT PRIMARY KEY) WITHOUT ROWID;
        INSERT INTO \(Self.open) SELECT DISTINCT project_id FROM results
        WHERE run_id = :run AND outcome <> 'invalid_id'
          AND project_id NOT IN (SELECT project_id FROM \(Self.table) WHERE answered_at < :started)
        ORDER BY project_id
        """, arguments: ["run": earlier.own.run, "started": earlier.own.startedAt])
  }

  /// Adds the answers of a run. If the run lists a project several times, the first line with an answer counts.
  private func take(from span: EarlierRuns.Span, where condition: String) throws {
    try db.execute(
      sql: """
        INSERT INTO \(Self.table) SELECT project_id, coalesce(fetched_at, ''), run_id, line FROM (
          SELECT project_id, fetched_at, run_id, min(line) AS line FROM results
          WHERE run_id = ? AND outcome IN \(ChangeSQL.answers) AND \(condition)
          GROUP BY project_id)
        ORDER BY project_id
        """, arguments: [span.run])
  }

  private func hasRows(_ source: String) throws -> Bool {
    try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM \(source))") ?? false
  }
}
