import InventoryModel
import Ledger

/// In which order rows are written while a run goes on.
package enum StreamOrder: Sendable {
  /// As answers come.
  case arrival
  /// The list's.
  case list
}

/// Chooses the rows that can be written next.
protocol RowOrder: Sendable {
  /// Takes note of answers that are committed since.
  mutating func note(_ answers: [AnsweredLine])

  /// The next rows, so many at most; nil when there are no more at present.
  mutating func next(ofRun run: Int64, in ledger: LedgerDatabase, limit: Int) throws(LedgerError) -> [ResultRow]?

  /// From here on all rows are settled, and those that are still missing follow.
  mutating func noteEnd()
}

/// Rows in the list's order, each once all before it are out. Those that wait are in the ledger alone.
struct ListOrder: RowOrder {
  /// Of the last row that is out.
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

/// Rows in the order of their answers; before them those that were settled already, after them those left open.
struct ArrivalOrder: RowOrder {
  private var answers = AnsweredLines()
  private var written = LineSet()
  /// The line up to which settled rows have been looked through; nil when nobody is looking.
  private var line: Int?

  /// - Parameter hasSettledRows: whether there are rows that no answer will be told of.
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
