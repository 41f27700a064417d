import Auditing
import GRDB
package import InventoryModel

extension LedgerDatabase {
  /// Checks a condition for a run whose findings and changes have been computed.
  ///
  /// - Parameter limit: maximum number of rows to list individually.
  package func check(
    _ condition: FailCondition, ofRun run: Int64, limit: Int
  ) throws(LedgerError) -> ConditionCheck {
    try writing {
      try pool.read { db in
        switch condition {
        case .notFound:
          try Self.check(condition, "outcome = 'not_found'", what: "outcome", ofRun: run, limit: limit, in: db)
        case .changed:
          try Self.check(
            condition, "change IN (\(Self.quoted(FailCondition.changes.map(\.rawValue))))",
            what: "change || coalesce(': ' || replace(changed_fields, ';', ', '), '')", ofRun: run, limit: limit, in: db
          )
        case .finding(let severity):
          try Self.checkFindings(condition, atLeast: severity, ofRun: run, limit: limit, in: db)
        }
      }
    }
  }

  private static func check(
    _ condition: FailCondition, _ isMet: String, what: String, ofRun run: Int64, limit: Int, in db: Database
  ) throws -> ConditionCheck {
    let source = "FROM results WHERE run_id = ? AND \(isMet)"
    let count = try Int.fetchOne(db, sql: "SELECT count(*) \(source)", arguments: [run]) ?? 0
    let rows = try Row.fetchAll(
      db, sql: "SELECT line, project_id, \(what) \(source) ORDER BY line LIMIT ?", arguments: [run, limit])
    return ConditionCheck(
      condition, rows: count, first: rows.map { .init(line: $0[0], projectID: $0[1], what: $0[2]) })
  }

  /// Grouping follows the order of the table's key, so it takes little memory.
  private static func checkFindings(
    _ condition: FailCondition, atLeast severity: Severity, ofRun run: Int64, limit: Int, in db: Database
  ) throws -> ConditionCheck {
    let severities = Severity.allCases.filter { $0.rank <= severity.rank }.map(\.rawValue)
    let source = "FROM findings WHERE run_id = ? AND severity IN (\(quoted(severities))) GROUP BY line"
    let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM (SELECT line \(source))", arguments: [run]) ?? 0
    let rows = try Row.fetchAll(
      db, sql: "SELECT line, project_id, group_concat(rule, ';') \(source) ORDER BY line LIMIT ?",
      arguments: [run, limit])
    return ConditionCheck(
      condition, rows: count,
      first: rows.map { row in
        let findings = (row[2] as String).split(separator: ";").compactMap {
          AuditRule(named: String($0)).map { Finding($0, "") }
        }
        let rules = findings.sorted(by: Finding.comesFirst).map(\.rule.name)
        return .init(line: row[0], projectID: row[1], what: rules.joined(separator: ", "))
      })
  }

  private static func quoted(_ words: [String]) -> String { words.map { "'\($0)'" }.joined(separator: ", ") }
}
