import Files
import Gateway
import InventoryModel
package import Ledger
import TextFormats

/// Deletes runs from the database and reports the result.
package struct PruneJob {
  package let databasePath: String
  package let choice: PruningChoice
  package let dryRun: Bool
  package let host: any JobHost

  package init(
    databasePath: String, choice: PruningChoice, dryRun: Bool, host: any JobHost
  ) {
    self.databasePath = databasePath
    self.choice = choice
    self.dryRun = dryRun
    self.host = host
  }

  /// - Throws: ``JobFailure``, `LedgerError`, `LockHeld`, and `FileError`.
  package func run() throws {
    try HistoryDatabase.requireExistence(of: databasePath)
    let file = DatabaseFile(databasePath)
    try file.checkWriting()
    let lock = try DatabaseLock(file, holder: OutputReservation.holder)
    defer { lock.release() }
    host.signals.endProcess {
      WorkingFolder.removeLeftover(beside: file.path)
      lock.release()
    }
    let ledger = try LedgerDatabase(path: databasePath, lockWait: LockWait(host: host))
    defer { try? ledger.close() }
    let plan = try plan(in: ledger)
    for run in plan.spared { host.notice("\(run)") }
    guard !plan.runs.isEmpty else {
      host.notice("there are no runs to delete")
      return
    }
    tell(try ledger.prune(plan.runs, at: .now, dryRun: dryRun))
  }

  private func plan(in ledger: LedgerDatabase) throws -> PruningPlan {
    do {
      return try ledger.pruningPlan(choice)
    } catch let error as RunMissing {
      throw JobFailure(.usage, "\(databasePath): \(error); jelou-inventory runs lists all runs")
    } catch let error as RunNeeded {
      throw JobFailure(.usage, "\(databasePath): \(error)")
    }
  }

  private func tell(_ result: PruningResult) {
    let runs = result.runs.map(String.init).joined(separator: ", ")
    let what = "\(result.runs.count == 1 ? "run" : "runs") \(runs)"
    let rows =
      dryRun
      ? "\(result.rowsDeleted.counted("row", "rows")) would be deleted"
      : "\(result.rowsDeleted.counted("row", "rows")) deleted"
    host.notice("\(dryRun ? "to be deleted" : "deleted"): \(what); \(rows)")
    if result.rowsNeeded > 0 {
      host.notice(
        "kept: \(result.rowsNeeded.counted("row", "rows")) of deleted runs, because other runs are compared with them")
    }
    host.notice(
      "\(dryRun ? "to be freed" : "freed"): \(result.bytesFreed.counted("byte", "bytes")); "
        + "the database \(dryRun ? "would have" : "has") \(result.sizeAfter.counted("byte", "bytes"))"
    )
  }
}
