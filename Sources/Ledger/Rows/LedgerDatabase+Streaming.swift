import Auditing
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

/// Answers whose rows are to be read, in their order, page by page: one answer may have a million.
package struct AnsweredLines: Sendable {
  private(set) var answers: ArraySlice<AnsweredLine> = []
  /// Of the rows of the first answer, the line of the last that was read; 0 for none.
  private(set) var line = 0

  package init() {}

  package var isEmpty: Bool { answers.isEmpty }

  package mutating func add(_ answers: [AnsweredLine]) { self.answers += answers }

  /// Rows of the first answer were read.
  ///
  /// - Parameter line: of the last of them; nil where there are no more.
  mutating func pass(_ line: Int?) {
    self.line = line ?? 0
    if line == nil { answers.removeFirst() }
  }
}

/// Rows that are read together.
private struct RowPage {
  /// Bytes of their texts beyond which no more are read: few long rows are as many as many short ones.
  private static let mostBytes = 262_144

  let limit: Int
  private(set) var rows: [ResultRow] = []
  private var bytes = 0

  init(limit: Int) { self.limit = limit }

  var room: Int { bytes < Self.mostBytes ? limit - rows.count : 0 }

  mutating func add(_ row: ResultRow) {
    bytes += row.byteCount
    rows.append(row)
  }
}

/// Rows for whoever wants them while a run goes on, a page at a time. Of the findings they have those of rows that share a
/// request with an earlier one; what is told of changes is left out: both are computed when the run ends.
///
/// A page has so many rows at most, and fewer where they are long; it is empty only where there are no more.
extension LedgerDatabase {
  /// The settled rows after a line, in list order.
  package func settledRows(ofRun run: Int64, afterLine line: Int, limit: Int) throws(LedgerError) -> [ResultRow] {
    try page(limit) { page, db in
      try Self.fill(&page, "run_id = ? AND line > ? AND outcome IS NOT NULL", [run, line], in: db)
    }
  }

  /// The rows after a line up to the first that is pending, in list order.
  package func rowsBeforePending(ofRun run: Int64, afterLine line: Int, limit: Int) throws(LedgerError) -> [ResultRow] {
    try page(limit) { page, db in try Self.fill(&page, "run_id = ? AND line > ?", [run, line], in: db) }
  }

  /// The rows that took these answers, in the order of the answers; rows that share one in list order. The next page
  /// follows on them.
  package func rows(
    ofRun run: Int64, answeredIn lines: inout AnsweredLines, limit: Int
  ) throws(LedgerError) -> [ResultRow] {
    try page(limit) { page, db in
      while page.room > 0, let answer = lines.answers.first {
        let condition = answer.isShared ? "request_line = ? AND line > ?" : "line = ? AND line > ?"
        let before = page.rows.count
        try Self.fill(
          &page, "run_id = ? AND \(condition)", [run, answer.line, lines.line],
          indexedBy: answer.isShared ? "results_request_line" : nil, in: db)
        // A full page may have been the answer's last.
        lines.pass(page.room == 0 && page.rows.count > before ? page.rows.last?.line : nil)
      }
    }
  }

  private func page(
    _ limit: Int, _ read: (inout RowPage, Database) throws -> Void
  ) throws(LedgerError) -> [ResultRow] {
    try writing {
      try pool.read { db in
        var page = RowPage(limit: limit)
        try read(&page, db)
        return page.rows
      }
    }
  }

  /// Without what is computed when the run ends.
  private static let streamedColumns = RecordColumns(RecordField.listed + RecordField.answered)

  /// In list order, until the page is full, or up to the first row that is pending.
  private static func fill(
    _ page: inout RowPage, _ condition: String, _ arguments: StatementArguments,
    indexedBy index: String? = nil, in db: Database
  ) throws {
    let statement = try db.cachedStatement(
      sql: """
        SELECT \(streamedColumns.sql()), request_line FROM \(rows(indexedBy: index))
        WHERE \(condition) ORDER BY line LIMIT ?
        """)
    let row = try RowReader(statement, arguments + [page.room])
    while page.room > 0, try row.next(), var result = try streamedColumns.record(row) {
      if let first = row.number(streamedColumns.end), first < result.line {
        result.findings = [Finding(.duplicateRow, "The project is in the list already, in line \(first).")]
      }
      page.add(result)
    }
  }
}
