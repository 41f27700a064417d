import Files
import InventoryModel
import Ledger
package import Reporting
import TextFormats

/// Changes a held run to an ordinary finished run and rewrites its reports.
package struct AcceptJob {
  package let number: Int64
  package let databasePath: String
  /// Where the reports are written; nil for the database's folder, if it contains this run's reports.
  package let folder: String?
  package let html: HTMLOptions
  package let host: any JobHost

  package init(
    number: Int64, databasePath: String, folder: String?, html: HTMLOptions, host: any JobHost
  ) {
    self.number = number
    self.databasePath = databasePath
    self.folder = folder
    self.html = html
    self.host = host
  }

  /// - Throws: ``JobFailure``, `LedgerError`, `LockHeld`, and `FileError`.
  package func run() throws {
    try HistoryDatabase.requireExistence(of: databasePath)
    let manifest = EarlierManifest(folder: folder ?? databaseFolder)
    // A later check ensures that the manifest describes a run of this database.
    let isBeside = manifest?.run == number
    let reports: ReportDestination =
      folder != nil || isBeside
      ? .folder(
        ReportFolder(
          path: folder ?? databaseFolder, formats: isBeside ? manifest?.formats ?? [] : ReportFormat.usual,
          csvProfile: (isBeside ? manifest?.csvProfile : nil) ?? .rfc4180, html: html))
      : .nowhere
    let reservation = try OutputReservation(reports: reports, databasePath: databasePath, inputs: [])
    defer { reservation.release() }
    host.signals.endProcess(cleanUp: reservation.discard)
    do {
      let ledger = try LedgerDatabase(path: databasePath, lockWait: LockWait(host: host))
      defer { try? ledger.close() }
      let held = try heldRun(in: ledger)
      try OutputReservation.protect(lists: [held.listPath], from: reports, databasePath: databasePath)
      try ledger.accept(held.id)
      tellOfHistory(in: ledger)
      try write(folder == nil && manifest?.startedAt != held.startedAt.description ? .nowhere : reports, in: ledger)
    } catch {
      reservation.discard()
      throw error
    }
  }

  private func heldRun(in ledger: LedgerDatabase) throws -> RunRecord {
    guard let record = try ledger.run(number) else {
      throw JobFailure(.usage, "\(databasePath): there is no run \(number) in this database")
    }
    try record.requireNotDeleted(databasePath)
    guard record.state == .held else {
      throw JobFailure(
        .usage, "\(databasePath): run \(number) is \(record.state.rawValue), not held, so it can't be accepted")
    }
    return record
  }

  private func tellOfHistory(in ledger: LedgerDatabase) {
    host.notice("run \(number) is accepted and is now part of the history")
    if let newest = try? ledger.newestFinishedRun()?.id, newest > number {
      host.notice("the changes of later runs stay as they are; the next run is compared with the newest answers")
    }
  }

  private func write(_ reports: ReportDestination, in ledger: LedgerDatabase) throws {
    guard case .folder = reports else {
      host.notice(
        """
        its reports were not rewritten because the database's folder does not contain them; to write them, run \
        jelou-inventory \(reportCommand) -o DIR
        """)
      return
    }
    do {
      guard let record = try ledger.run(number) else { throw LedgerError.damaged(path: databasePath) }
      let reported = try ReportedRun(record, in: ledger, for: reports)
      try reports.write(reported, to: host.standardOutput) { try ledger.forEachBatch(ofRun: number, $0) }
    } catch {
      throw JobFailure(error).adding("The run is accepted; to write its reports, run jelou-inventory \(reportCommand)")
    }
    for file in reports.files { host.info("written: \(file.visible)") }
  }

  private var reportCommand: String { "report --run \(number) --database \(databasePath.visible)" }

  private var databaseFolder: String {
    guard let slash = databasePath.lastIndex(of: "/") else { return "." }
    return slash == databasePath.startIndex ? "/" : String(databasePath[..<slash])
  }
}
