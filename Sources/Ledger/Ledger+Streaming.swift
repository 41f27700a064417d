import GRDB
package import InventoryModel

/// An answer that is committed: the line that was asked for, and whether other rows share it.
package struct AnsweredLine: Hashable, Sendable {
  package var line: Int
  package var isShared: Bool

  package init(line: Int, isShared: Bool) {
    self.line = line
    self.isShared = isShared
  }
}

/// Rows for whoever wants them while a run goes on. Of the findings they have those of rows that share a request with an
/// earlier one; what is told of changes is left out: both are computed when the run ends.
extension Ledger {
  /// The settled rows after a line, in list order, so many at most.
  package func settledRows(ofRun run: Int64, afterLine line: Int, limit: Int) throws(LedgerError) -> [ResultRow] {
    try streamedRows("run_id = ? AND line > ? AND outcome IS NOT NULL ORDER BY line LIMIT ?", [run, line, limit])
  }

  /// The rows after a line up to the first that is pending, in list order, so many at most.
  package func rowsBeforePending(ofRun run: Int64, afterLine line: Int, limit: Int) throws(LedgerError) -> [ResultRow] {
    try streamedRows("run_id = ? AND line > ? ORDER BY line LIMIT ?", [run, line, limit])
  }

  /// The rows that took these answers, in the order of the answers; rows that share one in list order.
  package func rows(
    ofRun run: Int64, answeredIn answers: some Sequence<AnsweredLine>
  ) throws(LedgerError) -> [ResultRow] {
    var rows: [ResultRow] = []
    try writing {
      try pool.read { db in
        for answer in answers {
          try Self.streamRows(
            "run_id = ? AND \(answer.isShared ? "request_line" : "line") = ? ORDER BY line", [run, answer.line],
            indexedBy: answer.isShared ? "results_request_line" : nil, in: db
          ) { rows.append($0) }
        }
      }
    }
    return rows
  }

  private func streamedRows(_ condition: String, _ arguments: StatementArguments) throws(LedgerError) -> [ResultRow] {
    var rows: [ResultRow] = []
    try writing {
      try pool.read { db in try Self.streamRows(condition, arguments, in: db) { rows.append($0) } }
    }
    return rows
  }

  /// Behind ``resultColumns``.
  private static let requestLineColumn = 23

  /// Ends at the first row that is pending.
  private static func streamRows(
    _ condition: String, _ arguments: StatementArguments, indexedBy index: String? = nil, in db: Database,
    _ body: (ResultRow) -> Void
  ) throws {
    let source = rows(with: ["change", "changed_fields", "last_good_webhook_url", "last_good_at"], indexedBy: index)
    let statement = try db.cachedStatement(
      sql: "SELECT \(resultColumns), request_line FROM \(source) WHERE \(condition)")
    let row = try RowReader(statement, arguments)
    while try row.next() {
      guard var result = try result(row) else { return }
      result.change = nil
      result.changedFields = []
      result.lastGood = nil
      if let first = row.number(requestLineColumn), first < result.line {
        result.findings = [Finding(.duplicateRow, "The project is in the list already, in line \(first).")]
      }
      body(result)
    }
  }
}
