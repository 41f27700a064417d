import InventoryModel
import Ledger
import Reporting

extension ReportedRun {
  /// Reads what the reports need about a run whose rows are all settled.
  init(_ record: RunRecord, in ledger: LedgerDatabase, for reports: ReportDestination) throws(LedgerError) {
    let overview = try ledger.overview(ofRun: record.id, inFull: reports.tellOfTheWholeRun)
    self.init(record: record, overview: overview)
    if let limit = reports.pageRowLimit, record.listRows > limit {
      linesInPage = try ledger.linesNeedingAttention(ofRun: record.id, overview: overview, limit: limit)
    }
  }
}

extension LedgerDatabase {
  /// Maximum number of rows and bytes in a batch. The byte limit keeps batches of large rows small.
  private static var batchSize: Int { 512 }
  private static var batchBytes: Int { 262_144 }

  /// Works like ``forEachResult(ofRun:_:)``, but in batches large enough to justify a thread switch.
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
