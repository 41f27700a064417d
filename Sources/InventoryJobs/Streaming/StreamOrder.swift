import InventoryModel
import Ledger

/// The order in which rows are written while a run is in progress.
package enum StreamOrder: Sendable {
  /// In the order in which answers arrive.
  case arrival
  /// In the order of the list.
  case list
}

/// Selects the rows that can be written next.
protocol RowOrder: Sendable {
  /// Records answers committed since the last call.
  mutating func note(_ answers: [AnsweredLine])

  /// Returns the next rows, at most `limit` of them; nil if there are none at present.
  mutating func next(ofRun run: Int64, in ledger: LedgerDatabase, limit: Int) throws(LedgerError) -> [ResultRow]?

  /// Records that all rows are settled. From now on, the rows that are still missing are returned too.
  mutating func noteEnd()
}

/// Selects rows in list order, each once all rows before it are written. Waiting rows are kept only in the ledger.
struct ListOrder: RowOrder {
  /// Line of the last row that was returned.
  private var line = 0

  func note(_ answers: [AnsweredLine]) {}

  mutating func next(ofRun run: Int64, in ledger: LedgerDatabase, limit: Int) throws(LedgerError) -> [ResultRow]? {
    let rows = try ledger.rowsBeforePending(ofRun: run, afterLine: line, limit: limit)
    guard let last = rows.last else { return nil }
    line = last.line
    return rows
  }

  func noteEnd() {}
}

/// Selects rows in the order of their answers. Rows that were settled earlier come first; rows left open come last.
struct ArrivalOrder: RowOrder {
  private var answers = AnsweredLines()
  private var written = LineSet()
  /// The line up to which settled rows have been read; nil if settled rows are not being read.
  private var line: Int?

  /// - Parameter hasSettledRows: whether there are settled rows for which no answer will be recorded.
  init(hasSettledRows: Bool) {
    line = hasSettledRows ? 0 : nil
  }

  mutating func note(_ answers: [AnsweredLine]) { self.answers.add(answers) }

  mutating func next(ofRun run: Int64, in ledger: LedgerDatabase, limit: Int) throws(LedgerError) -> [ResultRow]? {
    let rows: [ResultRow]
    if let after = line {
      rows = try ledger.settledRows(ofRun: run, afterLine: after, limit: limit)
      line = rows.last?.line
    } else if !answers.isEmpty {
      rows = try ledger.rows(ofRun: run, answeredIn: &answers, limit: limit)
    } else {
      return nil
    }
    return rows.filter { written.insert($0.line) }
  }

  mutating func noteEnd() { line = 0 }
}
