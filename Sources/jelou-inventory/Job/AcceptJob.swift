import Files
import InventoryModel
import Ledger
import Logging
import Reporting

/// Makes a held run an ordinary finished one, and writes its reports again.
struct AcceptJob {
  let number: Int64
  let databasePath: String
  /// Where the reports go; nil for the database's folder, where the run's reports are there.
  let folder: String?
  let html: HTMLOptions
  let logger: Logger

  /// - Throws: ``JobFailure``, `LedgerError`, `LockHeld` and `FileError`.
  func run() throws {
    try HistoryDatabase.requireExistence(of: databasePath)
    let manifest = EarlierManifest(folder: folder ?? databaseFolder)
    // That it is this database's own run is made sure of later.
    let isBeside = manifest?.run == number
    let reports: ReportDestination =
      folder != nil || isBeside
      ? .folder(
        ReportFolder(
          path: folder ?? databaseFolder, formats: isBeside ? manifest?.formats ?? [] : ReportFormat.usual,
          csvProfile: (isBeside ? manifest?.csvProfile : nil) ?? .rfc4180, html: html))
      : .nowhere
    let places = try OutputPlaces(reports: reports, databasePath: databasePath, inputs: [])
    defer { places.release() }
    Interruption.ofProcess.whilePreparing(cleanUp: places.discard)
    do {
      let ledger = try Ledger(path: databasePath, lockWait: LockWait(logger: logger))
      defer { try? ledger.close() }
      let held = try heldRun(in: ledger)
      try OutputPlaces.protect(lists: [held.listPath], from: reports, databasePath: databasePath)
      try ledger.accept(held.id)
      tellOfHistory(in: ledger)
      try write(folder == nil && manifest?.startedAt != held.startedAt.description ? .nowhere : reports, in: ledger)
    } catch {
      places.discard()
      throw error
    }
  }

  private func heldRun(in ledger: Ledger) throws -> RunRecord {
    guard let record = try ledger.run(number) else {
      throw JobFailure(.usage, "\(databasePath): there is no run \(number) in this database")
    }
    try record.requireNotDeleted(databasePath)
    guard record.state == .held else {
      throw JobFailure(
        .usage, "\(databasePath): run \(number) is \(record.state.rawValue), not held: there is nothing to accept")
    }
    return record
  }

  private func tellOfHistory(in ledger: Ledger) {
    logger.notice("run \(number) is accepted and is now part of the history")
    if let newest = try? ledger.newestFinishedRun()?.id, newest > number {
      logger.notice("later runs stay as they were compared; the next one is compared with the newest answers of all")
    }
  }

  private func write(_ reports: ReportDestination, in ledger: Ledger) throws {
    guard case .folder = reports else {
      logger.notice(
        """
        its reports were not rewritten, because the folder of the database holds none of this run: write them with \
        jelou-inventory \(reportCommand) -o DIR
        """)
      return
    }
    do {
      guard let record = try ledger.run(number) else { throw LedgerError.damaged(path: databasePath) }
      let reported = try ReportedRun(record, in: ledger, for: reports)
      try reports.write(reported) { try ledger.forEachBatch(ofRun: number, $0) }
    } catch {
      throw JobFailure(error).adding("The run is accepted; write its reports with \(reportCommand)")
    }
    for file in reports.files { logger.info("written: \(file.visible)") }
  }

  private var reportCommand: String { "report --run \(number) --database \(databasePath.visible)" }

  private var databaseFolder: String {
    guard let slash = databasePath.lastIndex(of: "/") else { return "." }
    return slash == databasePath.startIndex ? "/" : String(databasePath[..<slash])
  }
}
