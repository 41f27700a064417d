import Auditing
import GRDB
package import InventoryModel

/// A committed answer: the line that was requested, and whether other rows share the answer.
package struct AnsweredLine: Hashable, Sendable {
  package var line: Int
  package var isShared: Bool

  package init(line: Int, isShared: Bool) {
    self.line = line
    self.isShared = isShared
  }
}

/// Answers whose rows are read in order, page by page: one answer may have a million rows.
package struct AnsweredLines: Sendable {
  private(set) var answers: ArraySlice<AnsweredLine> = []
  /// The line of the last row that was read for the first answer; 0 if none was read.
  private(set) var line = 0

  package init() {}

  package var isEmpty: Bool { answers.isEmpty }

  package mutating func add(_ answers: [AnsweredLine]) { self.answers += answers }

  /// Records that rows of the first answer were read.
  ///
  /// - Parameter line: the line of the last of these rows; nil if the answer has no more rows.
  mutating func pass(_ line: Int?) {
    self.line = line ?? 0
    if line == nil { answers.removeFirst() }
  }
}

/// A page of rows that are read together.
private struct RowPage {
  /// A page is full once its texts have this many bytes, so that a few long rows count like many short ones.
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

/// Reads rows page by page while a run is in progress. The only findings included are those of rows that share a
/// request with an earlier row. Other findings and all changes are left out, because they are computed when the run
/// ends.
///
/// A page has at most `limit` rows, and fewer if they are long. It is empty only if there are no more rows.
extension LedgerDatabase {
  /// The settled rows after a line, in list order.
  package func settledRows(ofRun run: Int64, afterLine line: Int, limit: Int) throws(LedgerError) -> [ResultRow] {
    try page(limit) { page, db in
      try Self.fill(&page, "run_id = ? AND line > ? AND outcome IS NOT NULL", [run, line], in: db)
    }
  }

  /// The rows after a line up to the first pending row, in list order.
  package func rowsBeforePending(ofRun run: Int64, afterLine line: Int, limit: Int) throws(LedgerError) -> [ResultRow] {
    try page(limit) { page, db in try Self.fill(&page, "run_id = ? AND line > ?", [run, line], in: db) }
  }

  /// The rows that received these answers, in the order of the answers. Rows that share an answer are in list order.
  /// The next call continues after this page.
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
        // If the page is full, the answer may have more rows.
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

  /// The stored columns, except those that are computed when the run ends.
  private static let streamedColumns = RecordColumns(RecordField.listed + RecordField.answered)

  /// Adds rows in list order, until the page is full or a row is pending.
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
        result.findings = [Finding(.duplicateRow, "The project is already in line \(first) of the list.")]
      }
      page.add(result)
    }
  }
}
