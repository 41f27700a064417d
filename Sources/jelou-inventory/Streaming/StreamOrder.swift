import InventoryModel
import Ledger

/// In which order rows are written while a run goes on.
enum StreamOrder: Sendable {
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
  mutating func next(ofRun run: Int64, in ledger: Ledger, limit: Int) throws(LedgerError) -> [ResultRow]?

  /// From here on all rows are settled, and those that are still missing follow.
  mutating func noteEnd()
}
