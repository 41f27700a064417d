import GRDB
package import InventoryModel

extension Ledger {
  /// Replaces a run's findings in one transaction: those of each row, and those that come of comparing rows.
  ///
  /// - Parameter rowFindings: of one settled row; called in list order.
  package func replaceFindings(
    ofRun run: Int64, _ rowFindings: (ResultRow) -> [Finding]
  ) throws(LedgerError) {
    try writing {
      try pool.write { db in
        try db.execute(sql: "DELETE FROM findings WHERE run_id = ?", arguments: [run])
        var insertion = try RowStatement(db, sql: "\(Self.insertFinding) VALUES (?, ?, ?, ?, ?, ?)")
        var (webhooks, projects) = (RepetitionFilter(), RepetitionFilter())
        var (sharesWebhooks, repeatsProjects) = (false, false)
        try Self.results(in: db, where: "run_id = ?", [run]) { row in
          if let url = row.integration?.webhookURL, webhooks.mayRepeat(url) { sharesWebhooks = true }
          if projects.mayRepeat(row.projectID) { repeatsProjects = true }
          for finding in rowFindings(row) {
            insertion.bind(run)
            insertion.bind(row.line)
            insertion.bind(row.projectID)
            insertion.bind(finding.rule.rawValue)
            insertion.bind(finding.severity.rawValue)
            insertion.bind(finding.detail)
            try insertion.run()
          }
        }
        let comparisons = [
          (AuditRule.webhookShared, Self.sharedWebhooks, sharesWebhooks),
          (.duplicateRow, Self.duplicateRows, repeatsProjects),
        ]
        for (rule, selection, _) in comparisons.filter(\.2) {
          try db.execute(
            sql: "\(Self.insertFinding) \(selection)",
            arguments: ["run": run, "rule": rule.rawValue, "severity": rule.severity.rawValue])
        }
      }
    }
  }

  private static let insertFinding = "INSERT INTO findings (run_id, line, project_id, rule, severity, detail)"

  // CROSS JOIN keeps the rows outermost, so that findings come in the order of their table; the groups, which are few
  // or none, are looked up in an index that SQLite makes of them.

  /// `min` and `max` differ exactly when there are several projects, and need no sorting of their own.
  private static let sharedWebhooks = """
    SELECT :run, results.line, results.project_id, :rule, :severity,
      'Other projects have this webhook too; rows that have it: ' || shared.rows || ', the first in line ' || shared.line
    FROM results CROSS JOIN (
      SELECT webhook_url, min(line) AS line, count(*) AS rows FROM results
      WHERE run_id = :run AND outcome = 'found'
      GROUP BY webhook_url HAVING min(project_id) <> max(project_id)
    ) AS shared
    WHERE results.run_id = :run AND results.outcome = 'found' AND results.webhook_url = shared.webhook_url
    """

  private static let duplicateRows = """
    SELECT :run, results.line, results.project_id, :rule, :severity,
      'The project is in the list already, in line ' || first.line || '.'
    FROM results CROSS JOIN (
      SELECT project_id, min(line) AS line FROM results
      WHERE run_id = :run AND outcome <> 'invalid_id'
      GROUP BY project_id HAVING count(*) > 1
    ) AS first
    WHERE results.run_id = :run AND results.outcome <> 'invalid_id' AND results.project_id = first.project_id
      AND results.line > first.line
    """
}

/// A run's findings in list order, taken along with its rows: one cursor beside another, no query a row.
struct FindingsByLine {
  private let cursor: RowCursor
  private var next: (line: Int, finding: Finding?)?

  init(ofRun run: Int64, in db: Database) throws {
    cursor = try Row.fetchCursor(
      db, sql: "SELECT line, rule, detail FROM findings WHERE run_id = ? ORDER BY line, rule", arguments: [run])
    try advance()
  }

  /// The findings of a line, in the order of the reports. Lines are asked for in growing order.
  mutating func findings(ofLine line: Int) throws -> [Finding] {
    var findings: [Finding] = []
    while let (found, finding) = next, found <= line {
      if found == line, let finding { findings.append(finding) }
      try advance()
    }
    return findings.count > 1 ? findings.sorted(by: Finding.comesFirst) : findings
  }

  private mutating func advance() throws {
    next = try cursor.next().map { row in
      (row[0], AuditRule(rawValue: row[1]).map { Finding($0, row[2]) })
    }
  }
}
