import InventoryModel
import Ledger

/// Rows in the list's order, each once all before it are out. Those that wait are in the ledger alone.
struct ListOrder: RowOrder {
  /// Of the last row that is out.
  private var line = 0

  func note(_ answers: [AnsweredLine]) {}

  mutating func next(ofRun run: Int64, in ledger: Ledger, limit: Int) throws(LedgerError) -> [ResultRow]? {
    let rows = try ledger.rowsBeforePending(ofRun: run, afterLine: line, limit: limit)
    guard let last = rows.last else { return nil }
    line = last.line
    return rows
  }

  func noteEnd() {}
}
