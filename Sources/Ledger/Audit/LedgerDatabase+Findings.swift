import Auditing
import GRDB
package import InventoryModel
import TextFormats

extension LedgerDatabase {
  /// Replaces a run's findings in one transaction: those of single rows, and those that result from comparing rows.
  ///
  /// - Parameter rowFindings: returns the findings of one settled row; called in list order.
  package func replaceFindings(
    ofRun run: Int64, _ rowFindings: (ResultRow) -> [Finding]
  ) throws(LedgerError) {
    try writing {
      try pool.write { db in
        try db.execute(sql: "DELETE FROM findings WHERE run_id = ?", arguments: [run])
        var insertion = try RowInsertion(db, into: "findings", Self.findingColumns)
        let rows = try Int.fetchOne(db, sql: "SELECT list_rows FROM runs WHERE id = ?", arguments: [run]) ?? 0
        // Texts that several rows share. There may be too many to look up each of them.
        var (webhooks, projects) = (RepeatedTexts(expecting: rows), RepeatedTexts(expecting: rows))
        try Self.results(in: db, where: "run_id = ?", [run]) { row in
          if let url = row.integration?.webhookURL { webhooks.note(url) }
          projects.note(row.projectID)
          for finding in rowFindings(row) {
            try insertion.insert { statement in
              statement.bind(run)
              statement.bind(row.line)
              statement.bind(row.projectID)
              statement.bind(finding.rule.name)
              statement.bind(finding.severity.rawValue)
              statement.bind(finding.detail)
            }
          }
        }
        try insertion.flush()
        try Self.insertFindings(.webhookShared, Self.sharedWebhooks, of: webhooks.texts, ofRun: run, in: db)
        try Self.insertFindings(.duplicateRow, Self.duplicateRows, of: projects.texts, ofRun: run, in: db)
      }
    }
  }

  /// - Parameters:
  ///   - selection: SQL that selects the rows with the finding, given a condition for the texts that they share.
  ///   - texts: candidates, which include all texts that several rows share; nil if any text may be shared.
  private static func insertFindings(
    _ rule: AuditRule, _ selection: (_ isCandidate: (String) -> String) -> String, of texts: [String]?,
    ofRun run: Int64, in db: Database
  ) throws {
    if texts?.isEmpty == true { return }
    var json = JSONText()
    json.array { json in for text in texts ?? [] { json.value(text) } }
    let sql = selection { column in texts == nil ? "1" : "\(column) IN (SELECT value FROM json_each(:texts))" }
    var arguments: StatementArguments = ["run": run, "rule": rule.name, "severity": rule.severity.rawValue]
    if texts != nil { arguments += ["texts": json.string] }
    try db.execute(
      sql: "INSERT INTO findings (\(findingColumns.joined(separator: ", "))) \(sql)", arguments: arguments)
  }

  private static let findingColumns = ["run_id", "line", "project_id", "rule", "severity", "detail"]

  // CROSS JOIN keeps the rows outermost, so that findings are inserted in the order of their table. The groups, which
  // are few or none, are looked up in an index that SQLite builds for them.

  /// `min` and `max` differ exactly when there are several projects, and need no separate sort.
  private static func sharedWebhooks(_ isCandidate: (String) -> String) -> String {
    """
    SELECT :run, results.line, results.project_id, :rule, :severity,
      shared.rows || ' rows of several projects have this webhook, the first in line ' || shared.line || '.'
    FROM results CROSS JOIN (
      SELECT webhook_url, min(line) AS line, count(*) AS rows FROM results
      WHERE run_id = :run AND outcome = 'found' AND \(isCandidate("webhook_url"))
      GROUP BY webhook_url HAVING min(project_id) <> max(project_id)
    ) AS shared
    WHERE results.run_id = :run AND results.outcome = 'found' AND results.webhook_url = shared.webhook_url
    """
  }

  private static func duplicateRows(_ isCandidate: (String) -> String) -> String {
    """
    SELECT :run, results.line, results.project_id, :rule, :severity,
      'The project is already in line ' || first.line || ' of the list.'
    FROM results CROSS JOIN (
      SELECT project_id, min(line) AS line FROM results
      WHERE run_id = :run AND outcome <> 'invalid_id' AND \(isCandidate("project_id"))
      GROUP BY project_id HAVING count(*) > 1
    ) AS first
    WHERE results.run_id = :run AND results.outcome <> 'invalid_id' AND results.project_id = first.project_id
      AND results.line > first.line
    """
  }
}

/// A run's findings in list order, read alongside its rows: a second cursor instead of one query for each row.
struct FindingsByLine {
  private let row: RowReader
  private var next: (line: Int, finding: Finding?)?

  init(ofRun run: Int64, in db: Database) throws {
    row = try RowReader(
      db, sql: "SELECT line, rule, detail FROM findings WHERE run_id = ? ORDER BY line, rule", [run])
    try advance()
  }

  /// The findings of a line, in the order of the reports. Request lines in ascending order.
  mutating func findings(ofLine line: Int) throws -> [Finding] {
    var findings: [Finding] = []
    while let (found, finding) = next, found <= line {
      if found == line, let finding { findings.append(finding) }
      try advance()
    }
    return findings.count > 1 ? findings.sorted(by: Finding.comesFirst) : findings
  }

  private mutating func advance() throws {
    next = nil
    guard try row.next() else { return }
    let detail = try row.presentText(2)
    next = (try row.presentNumber(0), row.text(1).flatMap(AuditRule.init(named:)).map { Finding($0, detail) })
  }
}
