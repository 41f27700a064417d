import Files
import Gateway
import InventoryModel
import Ledger
import Logging

/// Deletes runs from the database, and says what came of it.
struct PruneJob {
  let databasePath: String
  let choice: PruningChoice
  let dryRun: Bool
  let logger: Logger
  let interruption: Interruption

  /// - Throws: ``JobFailure``, `LedgerError`, `LockHeld` and `FileError`.
  func run() throws {
    try HistoryDatabase.requireExistence(of: databasePath)
    let file = DatabaseFile(databasePath)
    try file.checkWriting()
    let lock = try DatabaseLock(file, holder: OutputPlaces.holder)
    defer { lock.release() }
    interruption.whilePreparing {
      WorkingFolder.removeLeftover(beside: file.path)
      lock.release()
    }
    let ledger = try Ledger(path: databasePath, lockWait: LockWait(logger: logger))
    defer { try? ledger.close() }
    let plan = try plan(in: ledger)
    for run in plan.spared { logger.notice("kept: \(run)") }
    guard !plan.runs.isEmpty else {
      logger.notice("there is no run to delete")
      return
    }
    tell(try ledger.prune(plan.runs, at: .now, dryRun: dryRun))
  }

  private func plan(in ledger: Ledger) throws -> PruningPlan {
    do {
      return try ledger.pruningPlan(choice)
    } catch let error as RunMissing {
      throw JobFailure(.usage, "\(databasePath): \(error); see jelou-inventory runs")
    } catch let error as RunNeeded {
      throw JobFailure(.usage, "\(databasePath): \(error): it can't be deleted")
    }
  }

  private func tell(_ result: PruningResult) {
    let runs = result.runs.map(String.init).joined(separator: ", ")
    let what = "\(result.runs.count == 1 ? "run" : "runs") \(runs)"
    let rows =
      dryRun
      ? "\(result.rowsDeleted.counted("row", "rows")) would go"
      : result.rowsDeleted.counted("row is gone", "rows are gone")
    logger.notice("\(dryRun ? "to be deleted" : "deleted"): \(what); \(rows)")
    if result.rowsNeeded > 0 {
      logger.notice(
        "kept: \(result.rowsNeeded.counted("row", "rows")) of deleted runs that other runs are compared with")
    }
    logger.notice(
      "\(dryRun ? "to be given back" : "given back"): \(result.bytesFreed.counted("byte", "bytes")); the database \(dryRun ? "would have" : "has") \(result.sizeAfter)"
    )
  }
}
