import InventoryModel
import Ledger
import Reporting

extension ReportedRun {
  /// What the reports tell of a run whose rows are all settled.
  ///
  /// - Parameter overview: nil where none is there yet.
  init(
    _ record: RunRecord, in ledger: Ledger, for reports: ReportDestination, overview: RunOverview? = nil
  ) throws(LedgerError) {
    let told =
      if let overview { overview } else { try ledger.overview(ofRun: record.id, inFull: reports.tellOfTheWholeRun) }
    self.init(record: record, overview: told)
    if let limit = reports.pageRowLimit, record.listRows > limit {
      linesInPage = try ledger.linesNeedingAttention(ofRun: record.id, overview: told, limit: limit)
    }
  }
}

extension Ledger {
  /// As ``forEachResult(ofRun:_:)``, in batches, and reads on while `body` works on one.
  func forEachBatch(ofRun run: Int64, _ body: ([ResultRow]) throws -> Void) throws {
    try ReadAhead.run { row in
      row.byteCount
    } making: {
      try self.forEachResult(ofRun: run, $0)
    } _: { next in
      while let rows = try next() { try body(rows) }
    }
  }
}
