import GRDB

/// The history of a database as one run sees it: the runs whose answers were given before its own.
///
/// A run belongs to the history when it is finished, deleted or not, and stays there while it is asked again. A run
/// that was interrupted, stopped or killed does not belong to it, nor does one that is held. "Before" means the time,
/// not the number of a run: a run that was continued late has the later answers.
struct EarlierRuns {
  /// When a run was asked. Times are RFC 3339 in UTC with milliseconds, so their texts compare as they do.
  struct Span {
    let run: Int64
    let startedAt: String
    /// Later than any time in a run that has not ended.
    let finishedAt: String

    init(_ row: Row) {
      run = row["id"]
      startedAt = row["started_at"]
      finishedAt = row["finished_at"] ?? "9999"
    }

    func overlaps(_ other: Span) -> Bool { startedAt <= other.finishedAt && other.startedAt <= finishedAt }

    /// Whether it ended before another; of two that ended together, the lower number is the earlier.
    func ended(before other: Span) -> Bool { (finishedAt, run) < (other.finishedAt, other.run) }
  }

  /// Condition for a row of `runs`.
  static let belongs = "(state = 'finished' OR was_finished)"

  let own: Span
  /// The newest first, by the time they ended. The first of them may have ended after ``own`` when it began before.
  let spans: [Span]

  /// - Returns: nil where there is no such run.
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

  /// The run whose list this one's is compared with; nil where there is none.
  var previous: Int64? { spans.first { $0.ended(before: own) }?.run }

  /// Whether any of them has an answer, for whatever project.
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

/// Where the earlier answers for a run's projects stand: temporary tables of the writing connection.
///
/// An index over all runs would be quicker here, but slow every list down that is entered, and take its space for good.
/// The tables are filled in the order of their keys, which sorts outside memory.
struct EarlierAnswers {
  let db: Database
  let earlier: EarlierRuns

  /// The answers that a row may have to be compared with: of each project those of the newest runs before, of which no
  /// other could have a newer one. `answered_at` is the time; the run 0 stands for none.
  static let table = "temp.earlier_answers"
  /// Projects of the run for which there is no answer yet that is earlier than all of its own.
  private static let open = "temp.open_projects"

  /// Whether a project may have several answers, some later than the row's own: where runs overlapped in time.
  private(set) var isAmbiguous = false

  init(_ earlier: EarlierRuns, in db: Database) {
    self.earlier = earlier
    self.db = db
  }

  /// Takes the answers run by run, the newest first, until each project has one and no other run can have newer ones.
  mutating func collect() throws {
    // What a failed computation may have left.
    try drop()
    try db.execute(
      sql: """
        CREATE TABLE \(Self.table) (
          project_id TEXT, answered_at TEXT, run_id INTEGER, line INTEGER, PRIMARY KEY (project_id, answered_at, run_id)
        ) WITHOUT ROWID
        """)
    // All answers that were not looked through are earlier than this.
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

  /// Of the answers `a` for the project of a row `n`, the newest before the row's own time; a row that was not asked
  /// has the time at which its run ended.
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

  /// Of a project that a run lists several times, the first line with an answer counts.
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
