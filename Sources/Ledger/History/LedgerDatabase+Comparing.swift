import GRDB
package import InventoryModel

/// Which runs are compared.
package enum Comparison: Hashable, Sendable {
  /// A run with the newest earlier answers, as recorded when the run ended.
  case recorded(run: Int64)
  /// Exactly two runs. A project without an answer in the first run is new in the second.
  case between(earlier: Int64, later: Int64)

  /// The run whose rows are reported.
  package var run: Int64 {
    switch self {
    case .recorded(let run), .between(_, let run): run
    }
  }
}

extension LedgerDatabase {
  /// The newest finished run that has not been deleted; nil when there is none.
  package func newestFinishedRun() throws(LedgerError) -> RunRecord? {
    try newestRun(where: "state = '\(RunState.finished.rawValue)' AND pruned_at IS NULL")
  }

  /// The number of the newest finished run before another; nil when there is none.
  package func runBefore(_ run: Int64) throws(LedgerError) -> Int64? {
    try writing {
      try pool.read { db in
        // A held run has no recorded comparison.
        try Self.previousRun(of: run, in: db)?.id ?? EarlierRuns(before: run, in: db)?.previous
      }
    }
  }

  /// Calls the body with each compared row in list order, then with each project that is no longer listed, in ID order.
  /// All rows are read from one snapshot of the database.
  ///
  /// - Parameter unchanged: whether unchanged rows are included.
  /// - Throws: what `body` throws, and ``LedgerError``.
  package func forEachChange(
    of comparison: Comparison, unchanged: Bool, _ body: (ChangeRow) throws -> Void
  ) throws {
    try reading { db in
      let (source, arguments): (String, StatementArguments) =
        switch comparison {
        case .recorded(let run): (Self.recordedRows, ["run": run])
        case .between(let earlier, let later): (Self.comparedRows, ["run": later, "earlier": earlier])
        }
      let selection = unchanged ? "c.change IS NOT NULL" : "c.change <> 'unchanged'"
      let row = try RowReader(
        db, sql: "SELECT * FROM (\(source)) AS c WHERE \(selection) ORDER BY c.line", arguments)
      while try row.next() { try body(try Self.changeRow(row)) }
      let earlier =
        switch comparison {
        case .recorded(let run): try Self.previousRun(of: run, in: db)?.id
        case .between(let earlier, _): earlier
        }
      guard let earlier else { return }
      try Self.forEachUnlisted(inRun: comparison.run, against: earlier, in: db) { project in
        var row = ChangeRow(projectID: project.projectID)
        row.lastGood = project.lastGood
        try body(row)
      }
    }
  }

  /// The columns of a row in the later run, and of its answer in the earlier run.
  private static let laterColumns = RecordColumns(
    (["line", "project_id"] + ChangeSQL.columns).map(RecordField.named) + comparedAnswer)
  private static let earlierColumns = RecordColumns(comparedAnswer, from: laterColumns.end)
  private static let comparedAnswer = [RecordField.named("outcome")] + RecordField.integration

  /// - Parameters:
  ///   - comparison: returns the expression for a column of the comparison.
  ///   - earlier: returns the expression for a column of the earlier answer.
  private static func columns(
    comparison: (String) -> String, earlier: (String) -> String = { "e.\($0)" }
  ) -> String {
    laterColumns.sql { column in
      "\(ChangeSQL.columns.contains(column) ? comparison(column) : "n.\(column)") AS \(column)"
    } + ", " + earlierColumns.sql(earlier)
  }

  private static let recordedRows = """
    SELECT \(columns(
      comparison: { "n.\($0)" },
      // The earlier answer said the same, and may have been deleted since.
      earlier: { "CASE n.change WHEN 'unchanged' THEN n.\($0) ELSE e.\($0) END" }))
    FROM results AS n LEFT JOIN results AS e ON e.run_id = n.previous_run AND e.line = n.previous_line
    WHERE n.run_id = :run
    """

  /// Sorts both runs by project together, then the later run's rows by line. Neither sort takes much memory.
  private static let comparedRows = """
    SELECT \(columns(comparison: ChangeSQL.value(of:)))
    FROM (
      SELECT run_id, line,
        min(CASE WHEN run_id = :earlier AND outcome IN \(ChangeSQL.answers) THEN line END)
          OVER (PARTITION BY project_id) AS answer
      FROM results WHERE run_id IN (:run, :earlier) AND outcome <> 'invalid_id') AS p
    CROSS JOIN results AS n ON n.run_id = :run AND n.line = p.line
    LEFT JOIN results AS e ON e.run_id = :earlier AND e.line = p.answer
    WHERE p.run_id = :run
    """

  private static func changeRow(_ row: RowReader) throws -> ChangeRow {
    var later = ResultRow(line: 0, projectID: "", outcome: .skipped)
    try laterColumns.read(row, into: &later)
    var change = ChangeRow(line: later.line, projectID: later.projectID, change: later.change)
    change.changedFields = later.changedFields
    change.outcome = laterColumns.outcome(row)
    change.integration = later.integration
    change.lastGood = later.lastGood
    let earlier = try earlierColumns.record(row)
    change.previousOutcome = earlier?.outcome
    change.previousIntegration = earlier?.integration
    return change
  }
}
