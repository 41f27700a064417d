import Files
package import InventoryModel
import Ledger
import Reporting
import TextFormats

/// Writes the reports of a run that is stored in the database.
package struct ReportJob {
  /// Run number; nil for the newest run.
  package let number: Int64?
  package let reports: ReportDestination
  package let databasePath: String
  package let host: any JobHost

  package init(
    number: Int64?, reports: ReportDestination, databasePath: String, host: any JobHost
  ) {
    self.number = number
    self.reports = reports
    self.databasePath = databasePath
    self.host = host
  }

  /// - Returns: the run and the files that were written.
  /// - Throws: ``JobFailure``, `LedgerError`, `LockHeld`, and `FileError`.
  package func run() throws -> (record: RunRecord, files: [String]) {
    try HistoryDatabase.requireExistence(of: databasePath)
    let file = DatabaseFile(databasePath)
    // The database is only read, because another run may be using it.
    let isInUse = DatabaseLock.isHeld(file)
    let reservation = try OutputReservation(reports: reports, databasePath: nil, inputs: file.files)
    defer { reservation.release() }
    host.signals.endProcess(cleanUp: reservation.discard)
    do {
      return try HistoryDatabase(path: databasePath, host: host).reading { ledger in
        let reported = try reportedRun(of: ledger, isInUse: isInUse)
        try OutputReservation.protect(lists: [reported.record.listPath], from: reports, databasePath: databasePath)
        try reports.write(reported, to: host.standardOutput) { body in
          try ledger.forEachBatch(ofRun: reported.record.id, body)
          // Check before the first report is moved to its final path.
          try ledger.checkUnchanged()
        }
        return (reported.record, reports.files)
      }
    } catch {
      reservation.discard()
      throw error
    }
  }

  /// - Parameter isInUse: whether another run is using the database.
  private func reportedRun(of ledger: LedgerDatabase, isInUse: Bool) throws -> ReportedRun {
    guard let record = try number.map({ try ledger.run($0) }) ?? ledger.newestRun() else {
      let which = number.map { "no run \($0)" } ?? "no run"
      throw JobFailure(.usage, "\(databasePath): there is \(which) in this database")
    }
    try record.requireNotDeleted(databasePath)
    let outcomes = try ledger.outcomeCounts(ofRun: record.id)
    guard outcomes.total == record.listRows, record.finishedAt != nil else {
      if isInUse { throw LockHeld(path: databasePath, holder: nil) }
      throw JobFailure(
        .unusableInput,
        "\(databasePath): run \(record.id) has not finished: "
          + "\(outcomes.total) of \(record.listRows.counted("row", "rows")) settled; continue it with run --resume"
      )
    }
    return try ReportedRun(record, in: ledger, for: reports)
  }
}
