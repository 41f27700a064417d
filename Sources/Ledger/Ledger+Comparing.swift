import GRDB
package import InventoryModel

/// What is compared with what.
package enum Comparison: Hashable, Sendable {
  /// A run with the newest earlier answers, as it was recorded when the run ended.
  case recorded(run: Int64)
  /// Exactly two runs: what the first has no answer for is new in the second.
  case between(earlier: Int64, later: Int64)

  /// The run whose rows are told of.
  package var run: Int64 {
    switch self {
    case .recorded(let run), .between(_, let run): run
    }
  }
}

extension Ledger {
  /// The newest finished run that has not been deleted; nil when there is none.
  package func newestFinishedRun() throws(LedgerError) -> RunRecord? {
    try newestRun(where: "state = '\(RunState.finished.rawValue)' AND pruned_at IS NULL")
  }

  /// The number of the newest finished run before another; nil when there is none.
  package func runBefore(_ run: Int64) throws(LedgerError) -> Int64? {
    try writing {
      try pool.read { db in
        // A run that is held was compared with none.
        try Self.previousRun(of: run, in: db)?.id ?? EarlierRuns(before: run, in: db)?.previous
      }
    }
  }

  /// Hands out the rows in list order, then the projects that are not listed any more by their IDs, one at a time, as one
  /// unchanging picture of the database.
  ///
  /// Throws what `body` throws, and ``LedgerError``.
  ///
  /// - Parameter unchanged: whether rows are told of that have not changed.
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

  /// - Parameter earlier: a field of the earlier answer, by its name.
  private static func columns(
    change: String, changedFields: String, lastGoodWebhookURL: String, lastGoodAt: String,
    earlier: (String) -> String = { "e.\($0)" }
  ) -> String {
    let integration = [
      "integration_id", "brain_id", "webhook_url", "webhook_host", "auth_type", "created_at", "updated_at", "extra",
    ]
    let fields = ["outcome"] + integration
    let told = fields.map { "n.\($0)" } + fields.map(earlier)
    return """
      n.line AS line, n.project_id, \(change) AS change, \(changedFields), \(told.joined(separator: ", ")),
        \(lastGoodWebhookURL), \(lastGoodAt)
      """
  }

  private static let recordedRows = """
    SELECT \(columns(
      change: "n.change", changedFields: "n.changed_fields", lastGoodWebhookURL: "n.last_good_webhook_url",
      lastGoodAt: "n.last_good_at",
      // The earlier answer said the same, and may have been deleted since.
      earlier: { "CASE n.change WHEN 'unchanged' THEN n.\($0) ELSE e.\($0) END" }))
    FROM results AS n LEFT JOIN results AS e ON e.run_id = n.previous_run AND e.line = n.previous_line
    WHERE n.run_id = :run
    """

  /// Both runs are sorted by project together, and the later one's rows by line again: neither takes memory to speak of.
  private static let comparedRows = """
    SELECT \(columns(
      change: ChangeSQL.change, changedFields: ChangeSQL.changedFields,
      lastGoodWebhookURL: ChangeSQL.lastGoodWebhookURL, lastGoodAt: ChangeSQL.lastGoodAt))
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
    var change = ChangeRow(
      line: row.number(0), projectID: try row.presentText(1), change: row.text(2).flatMap(Change.init))
    change.changedFields = changedFields(row.text(3))
    change.outcome = row.text(4).flatMap(Outcome.init)
    change.integration = integration(row, from: 5)
    change.previousOutcome = row.text(13).flatMap(Outcome.init)
    change.previousIntegration = integration(row, from: 14)
    change.lastGood = lastGood(row, from: 22)
    return change
  }
}
