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
    guard FileStatus(path: databasePath) != nil else {
      throw JobFailure(.missingInput, "\(databasePath): there is no such database; name it with --database")
    }
    let lock = try LockFile(path: OutputPlaces.lockPath(ofDatabase: databasePath), holder: OutputPlaces.holder)
    defer { lock.release() }
    interruption.whilePreparing { [databasePath] in
      WorkingFolder.removeLeftover(beside: databasePath)
      lock.release()
    }
    let ledger = try Ledger(path: databasePath)
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
    logger.notice(
      "\(dryRun ? "to be deleted" : "deleted"): \(what); \(result.rowsDeleted) rows \(dryRun ? "would go" : "are gone")"
    )
    if result.rowsNeeded > 0 {
      logger.notice("\(result.rowsNeeded) rows of deleted runs stay: other runs are compared with them")
    }
    logger.notice(
      "\(dryRun ? "to be given back" : "given back"): \(result.bytesFreed) bytes; the database \(dryRun ? "would have" : "has") \(result.sizeAfter)"
    )
  }
}
