import InventoryModel
import Ledger
import Reporting

extension ReportedRun {
  /// What the reports tell of a run whose rows are all settled.
  init(_ record: RunRecord, in ledger: LedgerDatabase, for reports: ReportDestination) throws(LedgerError) {
    let overview = try ledger.overview(ofRun: record.id, inFull: reports.tellOfTheWholeRun)
    self.init(record: record, overview: overview)
    if let limit = reports.pageRowLimit, record.listRows > limit {
      linesInPage = try ledger.linesNeedingAttention(ofRun: record.id, overview: overview, limit: limit)
    }
  }
}

extension LedgerDatabase {
  /// Rows of a batch at most, and their bytes, so that few large ones are as many as many small ones.
  private static var batchSize: Int { 512 }
  private static var batchBytes: Int { 262_144 }

  /// As ``forEachResult(ofRun:_:)``, in batches, which are worth a change of threads.
  func forEachBatch(ofRun run: Int64, _ body: ([ResultRow]) throws -> Void) throws {
    var batch: [ResultRow] = []
    var bytes = 0
    try forEachResult(ofRun: run) { row in
      bytes += row.byteCount
      batch.append(row)
      guard batch.count == Self.batchSize || bytes >= Self.batchBytes else { return }
      try body(batch)
      batch.removeAll(keepingCapacity: true)
      bytes = 0
    }
    if !batch.isEmpty { try body(batch) }
  }
}
