import Auditing
import GRDB
package import InventoryModel
import TextFormats

extension LedgerDatabase {
  /// Maximum number of runs in the history.
  static let runsShown = 24
  /// Maximum number of unlisted projects to list by name.
  static let unlistedShown = 100

  /// The summary of an ended run for reports. It depends only on this run and earlier runs.
  ///
  /// - Parameter inFull: false to compute only ``RunOverview/outcomes``, ``RunOverview/notTheGateway``,
  ///   ``RunOverview/findings`` and ``RunOverview/rules``. The other properties require reading every row several
  ///   times.
  package func overview(ofRun run: Int64, inFull: Bool = true) throws(LedgerError) -> RunOverview {
    try writing { try pool.read { db in try Self.overview(ofRun: run, inFull: inFull, in: db) } }
  }

  /// How the rows of an ended run compare with earlier answers, and the finished run before it. These are also part of
  /// a full overview.
  package func changeCounts(
    ofRun run: Int64
  ) throws(LedgerError) -> (changes: ChangeCounts, previousRun: RunOverview.PreviousRun?) {
    var overview = RunOverview()
    try writing { try pool.read { db in try Self.countChanges(ofRun: run, in: db, into: &overview) } }
    return (overview.changes, overview.previousRun)
  }

  private static func overview(ofRun run: Int64, inFull: Bool, in db: Database) throws -> RunOverview {
    var overview = RunOverview()
    try countFindings(ofRun: run, in: db, into: &overview)
    if inFull {
      try describeAnswers(ofRun: run, in: db, into: &overview)
    } else {
      overview.outcomes = try outcomeCounts(ofRun: run, in: db)
    }
    if overview.outcomes[.invalidResponse] > 0 {
      overview.notTheGateway =
        try Int.fetchOne(
          db, sql: "SELECT count(*) FROM results WHERE run_id = ? AND error_code = ?",
          arguments: [run, ErrorCode.notTheGateway.rawValue]) ?? 0
    }
    guard inFull else { return overview }
    overview.projects =
      overview.outcomes.total - overview.outcomes[.invalidID] - (overview.rules[.duplicateRow] ?? 0)
    overview.history = try history(upTo: run, in: db)
    try countChanges(ofRun: run, in: db, into: &overview)
    return overview
  }

  private static func describeAnswers(ofRun run: Int64, in db: Database, into overview: inout RunOverview) throws {
    let finished = try String.fetchOne(db, sql: "SELECT finished_at FROM runs WHERE id = ?", arguments: [run])
      .flatMap { Timestamp(rfc3339: $0) }
    let figures = try answerFigures(ofRun: run, in: db) { updated in
      overview.ages[RunOverview.UpdateAge(of: updated, at: finished), default: 0] += 1
    }
    overview.outcomes = figures.outcomes
    overview.hosts = try figures.hosts.ranking ?? ranking(of: "webhook_host", ofRun: run, in: db)
    overview.authTypes = try figures.authTypes.ranking ?? ranking(of: "auth_type", ofRun: run, in: db)
    overview.onlyCredential = figures.onlyCredential
  }

  /// Counts all values in one pass over the rows. SQLite would need a separate pass for each of them.
  ///
  /// - Parameter noteUpdate: called for each row that is `found`, with the time of its update; nil if it can't be
  ///   parsed.
  private static func answerFigures(
    ofRun run: Int64, in db: Database, noteUpdate: (Timestamp?) -> Void
  ) throws -> AnswerFigures {
    var figures = AnswerFigures()
    let row = try RowReader(
      db,
      sql: """
        SELECT outcome, credential, webhook_host, auth_type, updated_at FROM results
        WHERE run_id = ? AND outcome IS NOT NULL
        """, [run])
    while try row.next() {
      guard let outcome = row.text(0).flatMap(Outcome.init) else { continue }
      figures.note(outcome, credential: row.text(1))
      guard outcome == .found else { continue }
      figures.note(host: row.text(2), authType: row.text(3))
      noteUpdate(row.text(4).flatMap { Timestamp(rfc3339: $0) })
    }
    return figures
  }

  static func outcomeCounts(ofRun run: Int64, in db: Database) throws -> OutcomeCounts {
    let row = try Row.fetchOne(db, sql: "SELECT \(outcomeColumns) FROM \(rows()) WHERE run_id = ?", arguments: [run])
    return row.map(outcomeCounts) ?? OutcomeCounts()
  }

  /// Counts the rows of each outcome, in the order of its cases. Does not use `GROUP BY`, for which SQLite sorts all
  /// rows.
  static let outcomeColumns = Outcome.allCases.map { "count(*) FILTER (WHERE outcome = '\($0.rawValue)')" }
    .joined(separator: ", ")

  /// Reads the counts of ``outcomeColumns``, which must be the row's first columns.
  static func outcomeCounts(_ row: Row) -> OutcomeCounts {
    var counts = OutcomeCounts()
    for (index, outcome) in Outcome.allCases.enumerated() where row[index] as Int > 0 { counts[outcome] = row[index] }
    return counts
  }

  private static func countFindings(ofRun run: Int64, in db: Database, into overview: inout RunOverview) throws {
    let rows = try Row.fetchCursor(
      db, sql: "SELECT rule, count(*) FROM findings WHERE run_id = ? GROUP BY rule", arguments: [run])
    while let row = try rows.next() {
      guard let rule = AuditRule(named: row[0]) else { continue }
      overview.rules[rule] = row[1]
      overview.findings[rule.severity] += row[1]
    }
  }

  private static func countChanges(ofRun run: Int64, in db: Database, into overview: inout RunOverview) throws {
    // In a database with a single run, no row has been compared, so the rows need not be read.
    guard try Int.fetchOne(db, sql: "SELECT 1 FROM runs WHERE id <> ?", arguments: [run]) != nil else { return }
    let rows = try Row.fetchCursor(
      db, sql: "SELECT change, count(*) FROM results WHERE run_id = ? AND change IS NOT NULL GROUP BY change",
      arguments: [run])
    while let row = try rows.next() {
      if let change = Change(rawValue: row[0]) { overview.changes[change] = row[1] }
    }
    guard let previous = try previousRun(of: run, in: db) else { return }
    overview.previousRun = previous
    try forEachUnlisted(inRun: run, against: previous.id, in: db) { project in
      overview.changes.unlisted += 1
      if overview.unlisted.count < unlistedShown { overview.unlisted.append(project) }
    }
  }

  /// Ranks values in SQLite, which sorts in temporary files.
  private static func ranking(of column: String, ofRun run: Int64, in db: Database) throws -> RunOverview.Ranking {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT \(column), count(*) AS rows FROM results WHERE run_id = ? AND outcome = 'found'
        GROUP BY \(column) ORDER BY rows DESC, \(column)
        """, arguments: [run])
    var ranking = RunOverview.Ranking()
    while let row = try rows.next() { ranking.add(row[0], rows: row[1]) }
    return ranking
  }

  private static func history(upTo run: Int64, in db: Database) throws -> [RunOverview.HistoricRun] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT id, started_at, list_rows, outcomes FROM runs
        WHERE id <= :run AND finished_at IS NOT NULL AND (state <> 'held' OR id = :run) ORDER BY id DESC LIMIT :shown
        """, arguments: ["run": run, "shown": runsShown])
    return try rows.reversed().map { row in
      let id: Int64 = row[0]
      return .init(
        id: id, startedAt: Timestamp(rfc3339: row[1] as String) ?? Timestamp(milliseconds: 0), rows: row[2],
        outcomes: try outcomes(ofRun: id, recorded: row[3], in: db))
    }
  }

  /// - Parameter recorded: the counts that ``markCollected(run:at:resumeAfter:)`` recorded; nil to count the rows.
  static func outcomes(ofRun run: Int64, recorded: String?, in db: Database) throws -> OutcomeCounts {
    guard let json = recorded else { return try outcomeCounts(ofRun: run, in: db) }
    var counts = OutcomeCounts()
    for row in try Row.fetchAll(db, sql: "SELECT key, value FROM json_each(?)", arguments: [json]) {
      if let outcome = Outcome(rawValue: row[0]) { counts[outcome] = row[1] }
    }
    return counts
  }
}

extension LedgerDatabase {
  /// The lines of the rows that need attention most, in list order. Rows without an answer have priority over findings
  /// and changes, more severe rows over less severe ones, and earlier rows over later ones.
  ///
  /// - Parameter overview: the overview of the run; it shows whether all rows must be read to find the lines.
  package func linesNeedingAttention(
    ofRun run: Int64, overview: RunOverview, limit: Int
  ) throws(LedgerError) -> [Int] {
    let (outcomes, changes) = (overview.outcomes, overview.changes)
    let isQuiet = outcomes.answered == outcomes.total && changes.total == changes[.unchanged]
    return try writing {
      try pool.read { db in
        try Int.fetchAll(
          db, sql: isQuiet ? Self.linesWithFindings : Self.urgentLines, arguments: ["run": run, "limit": limit])
      }
    }
  }

  private static let rank = "min(CASE severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END) AS rank"

  private static let urgentLines = """
    SELECT line FROM (
      SELECT results.line, CASE
          WHEN outcome NOT IN ('found', 'not_found') THEN 0
          WHEN rank = 0 THEN 1
          WHEN change = 'gone' THEN 2
          WHEN rank = 1 THEN 3
          WHEN change IN ('changed', 'added') THEN 4
          WHEN rank = 2 OR change = 'new' THEN 5
          ELSE 6 END AS urgency
      FROM results LEFT JOIN (SELECT line, \(rank) FROM findings WHERE run_id = :run GROUP BY line) AS worst
        ON worst.line = results.line
      WHERE results.run_id = :run
      ORDER BY urgency, results.line LIMIT :limit)
    ORDER BY line
    """

  /// The same if all rows have an answer and none has changed.
  private static let linesWithFindings = """
    WITH worst AS (
      SELECT line, \(rank) FROM findings WHERE run_id = :run GROUP BY line ORDER BY rank, line LIMIT :limit)
    SELECT line FROM worst
    UNION ALL
    SELECT line FROM (
      SELECT line FROM results WHERE run_id = :run AND line NOT IN (SELECT line FROM worst)
      ORDER BY line LIMIT :limit - (SELECT count(*) FROM worst))
    ORDER BY line
    """
}

extension RunOverview.UpdateAge {
  /// - Parameter updated: nil if the time can't be parsed.
  fileprivate init(of updated: Timestamp?, at time: Timestamp?) {
    guard let time, let updated else {
      self = .unreadable
      return
    }
    let day: Int64 = 86_400_000
    self =
      switch time.milliseconds - updated.milliseconds {
      case ...(30 * day): .upTo30Days
      case ...(90 * day): .upTo90Days
      case ...(180 * day): .upTo180Days
      case ...(365 * day): .upTo365Days
      case ...(730 * day): .upTo730Days
      default: .older
      }
  }
}
