import Collecting
import Files
import Gateway
import InventoryModel
import Ledger
import Logging
import ProjectList

/// Makes one run of the runs of shards, and ends it as a run ends.
struct MergeJob {
  /// The shards' databases, in any order.
  let databases: [String]
  /// Of the merged run.
  let databasePath: String
  let ending: RunEnding
  let logger: Logger
  let interruption: Interruption

  /// - Throws: ``JobFailure``, `LedgerError`, `LockHeld` and `FileError`.
  func run() throws -> RunSummary {
    try OpenFileBudget(limit: .current).requireFiles(databases: databases.count)
    let before = versions
    let lockWait = LockWait(logger: logger)
    let survey = try ShardSurvey(paths: databases, lockWait: lockWait)
    guard survey.problems.isEmpty, let record = survey.record else {
      throw failure(survey.problems, survey.lacksFiles ? .missingInput : .unusableInput)
    }
    try ending.reports.check(inputColumns: record.inputColumns)
    try OutputPlaces.protect(
      lists: survey.shards.map(\.record.listPath), from: ending.reports, databasePath: databasePath)
    let places = try OutputPlaces(
      reports: ending.reports, databasePath: databasePath, inputs: databases)
    defer { places.release() }
    interruption.whilePreparing(cleanUp: places.discard)
    for shard in survey.shards {
      guard let reason = shard.record.held else { continue }
      logger.warning("shard \(shard.shard) (\(shard.path.visible)) is held: \(reason)")
    }
    let (ledger, merged) = try places.entering(databaseAt: databasePath, lockWait: lockWait) { ledger in
      try merge(survey.shards, as: record, into: ledger, versions: before)
    }
    interruption.whilePreparing(cleanUp: places.release)
    do {
      return try finish(merged, in: ledger)
    } catch {
      try? ledger.close()
      throw JobFailure(error).adding("The shards are merged; the same command writes what is missing.")
    }
  }

  private func merge(
    _ shards: [ShardSource], as record: RunRecord, into ledger: Ledger, versions before: [FileStatus.Version?]
  ) throws -> MergedRun {
    do {
      return try ledger.merge(record, from: shards) {
        $0.holds(idBytes: $1)
      } confirm: {
        for database in databases { try ShardSurvey.requireNoLockFile(of: database) }
        guard versions == before else {
          throw JobFailure(.busy, "A shard's database was changed while it was read; merge once more.")
        }
      }
    } catch let error as ShardsUnfit {
      throw failure(error.problems, .unusableInput)
    } catch let error as MergedBefore {
      throw JobFailure(.unusableInput, "\(databasePath): \(error); use another --database")
    }
  }

  private func finish(_ merged: MergedRun, in ledger: Ledger) throws -> RunSummary {
    switch merged.way {
    case .new: break
    case .unchanged: logger.notice("these shards were merged before, as run \(merged.id), which stays")
    case .renewed: logger.notice("run \(merged.id) is made anew: its shards have been asked again")
    }
    try ledger.markCollected(run: merged.id, at: .now)
    let collected = InventoryJob.Collected(
      end: CollectingEnd(), retries: try ledger.retries(ofRun: merged.id), openRows: 0)
    return try InventoryJob.finish(run: merged.id, in: ledger, collected, as: ending)
  }

  /// Tells all that is wrong.
  private func failure(_ problems: [String], _ status: ExitStatus) -> JobFailure {
    for problem in problems { logger.error("\(problem.visible)") }
    return JobFailure(status, "nothing was merged")
  }

  /// How the databases are, and their logs.
  private var versions: [FileStatus.Version?] {
    databases.map { DatabaseFile($0) }
      .flatMap { [FileStatus(path: $0.path)?.version, FileStatus(path: $0.log)?.version] }
  }
}
