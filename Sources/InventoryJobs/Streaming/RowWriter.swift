import Auditing
import InventoryModel
import Ledger
import Reporting

/// Writes a run's rows to standard output as JSON Lines, each row once.
struct RowWriter: Sendable {
  /// Rows read at a time. The ledger is not locked while they are written.
  private static let pageSize = 500

  private let run: RunRecord
  private let ledger: LedgerDatabase
  private let audit: Audit
  private var order: any RowOrder
  private var report = JSONLinesReport()
  private var output: DataOutput

  /// - Parameter hasSettledRows: whether some rows are settled before the first request is sent.
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

  /// Writes the rows that can be written now.
  ///
  /// - Parameter answers: answers that were committed since the last call.
  /// - Throws: what ``DataOutput`` throws, and `LedgerError`.
  mutating func write(_ answers: [AnsweredLine] = []) throws {
    order.note(answers)
    while let rows = try order.next(ofRun: run.id, in: ledger, limit: Self.pageSize) {
      for row in rows { try output.write(report.row(audited(row))) }
      // The reader receives each page as soon as it is available.
      try output.flush()
    }
  }

  /// Writes all remaining rows once every row is settled.
  mutating func finish() throws {
    try write()
    guard report.rowCount < run.listRows else { return }
    order.noteEnd()
    try write()
    // The output must contain every row of the list. Otherwise, the run is not reported as finished.
    guard report.rowCount == run.listRows else { throw LedgerError.damaged(path: ledger.path) }
  }

  private func audited(_ row: ResultRow) -> ResultRow {
    var row = row
    row.findings = (row.findings + audit.findings(of: row)).sorted(by: Finding.comesFirst)
    return row
  }
}
