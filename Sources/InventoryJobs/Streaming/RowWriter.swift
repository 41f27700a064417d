import Auditing
import InventoryModel
import Ledger
import Reporting

/// Writes a run's rows as JSON Lines to standard output, each once.
struct RowWriter: Sendable {
  /// Rows that are read at a time. The ledger is not held while they are written.
  private static let pageSize = 500

  private let run: RunRecord
  private let ledger: LedgerDatabase
  private let audit: Audit
  private var order: any RowOrder
  private var report = JSONLinesReport()
  private var output: DataOutput

  /// - Parameter hasSettledRows: whether some rows are settled before anything is asked.
  init(
    _ order: StreamOrder, of run: RunRecord, in ledger: LedgerDatabase, audit: Audit, hasSettledRows: Bool,
    to output: any JobOutput
  ) {
    self.output = DataOutput(output)
    self.run = run
    self.ledger = ledger
    self.audit = audit
    self.order =
      switch order {
      case .arrival: ArrivalOrder(hasSettledRows: hasSettledRows)
      case .list: ListOrder()
      }
  }

  /// Writes what can be written now.
  ///
  /// - Parameter answers: those that are committed since the last call.
  /// - Throws: what ``DataOutput`` throws, and `LedgerError`.
  mutating func write(_ answers: [AnsweredLine] = []) throws {
    order.note(answers)
    while let rows = try order.next(ofRun: run.id, in: ledger, limit: Self.pageSize) {
      for row in rows { try output.write(report.row(audited(row))) }
      // Whoever reads has each page as soon as it is there.
      try output.flush()
    }
  }

  /// Writes all that is missing, when every row is settled.
  mutating func finish() throws {
    try write()
    guard report.rowCount < run.listRows else { return }
    order.noteEnd()
    try write()
    // Every row of the list comes out again, or nothing is called finished.
    guard report.rowCount == run.listRows else { throw LedgerError.damaged(path: ledger.path) }
  }

  private func audited(_ row: ResultRow) -> ResultRow {
    var row = row
    row.findings = (row.findings + audit.findings(of: row)).sorted(by: Finding.comesFirst)
    return row
  }
}
