import InventoryModel
import Ledger

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

  mutating func next(ofRun run: Int64, in ledger: Ledger, limit: Int) throws(LedgerError) -> [ResultRow]? {
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
