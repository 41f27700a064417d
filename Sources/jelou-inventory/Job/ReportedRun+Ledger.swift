import InventoryModel
import Ledger
import Reporting

extension ReportedRun {
  /// What the reports tell of a run whose rows are all settled.
  ///
  /// - Parameter reports: nil where none are written.
  init(_ record: RunRecord, in ledger: Ledger, for reports: ReportFolder?) throws(LedgerError) {
    let inFull = reports?.formats.contains(where: \.tellsOfTheWholeRun) ?? false
    self.init(record: record, overview: try ledger.overview(ofRun: record.id, inFull: inFull))
    if let reports, reports.formats.contains(.html), record.listRows > reports.html.rowLimit {
      linesInPage = try ledger.linesNeedingAttention(ofRun: record.id, limit: reports.html.rowLimit)
    }
  }
}
