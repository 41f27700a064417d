import Collecting
import Files
import Gateway
import InventoryModel
import Ledger
import ProjectList
import TextFormats

/// Merges the runs of shards into one run and completes it like any other run.
package struct MergeJob {
  /// The shards' databases, in any order.
  package let databases: [String]
  /// Database of the merged run.
  package let databasePath: String
  package let ending: RunEnding
  package let host: any JobHost

  package init(
    databases: [String], databasePath: String, ending: RunEnding, host: any JobHost
  ) {
    self.databases = databases
    self.databasePath = databasePath
    self.ending = ending
    self.host = host
  }

  /// - Throws: ``JobFailure``, `LedgerError`, `LockHeld`, and `FileError`.
  package func run() throws -> RunSummary {
    try OpenFileBudget(limit: .current).requireFiles(databases: databases.count)
    let before = versions
    let lockWait = LockWait(host: host)
    let survey = try ShardSurvey(paths: databases, lockWait: lockWait)
    guard survey.problems.isEmpty, let record = survey.record else {
      throw failure(survey.problems, survey.lacksFiles ? .missingInput : .unusableInput)
    }
    try ending.reports.check(inputColumns: record.inputColumns)
    try OutputReservation.protect(
      lists: survey.shards.map(\.record.listPath), from: ending.reports, databasePath: databasePath)
    let reservation = try OutputReservation(
      reports: ending.reports, databasePath: databasePath, inputs: databases)
    defer { reservation.release() }
    host.signals.endProcess(cleanUp: reservation.discard)
    for shard in survey.shards {
      guard let reason = shard.record.held else { continue }
      host.warning("shard \(shard.shard) (\(shard.path.visible)) is held: \(reason)")
    }
    let (ledger, merged) = try reservation.entering(databaseAt: databasePath, lockWait: lockWait) { ledger in
      try merge(survey.shards, as: record, into: ledger, versions: before)
    }
    host.signals.endProcess(cleanUp: reservation.release)
    do {
      return try finish(merged, in: ledger)
    } catch {
      try? ledger.close()
      throw JobFailure(error).adding("The shards are merged; run the same command again to write the missing reports.")
    }
  }

  private func merge(
    _ shards: [ShardSource], as record: RunRecord, into ledger: LedgerDatabase, versions before: [FileStatus.Version?]
  ) throws -> MergedRun {
    do {
      return try ledger.merge(record, from: shards) {
        $0.holds(idBytes: $1)
      } confirm: {
        for database in databases { try ShardSurvey.requireNoLockFile(of: database) }
        guard versions == before else {
          throw JobFailure(.busy, "a shard's database changed while it was being read; run merge again")
        }
      }
    } catch let error as ShardsUnfit {
      throw failure(error.problems, .unusableInput)
    } catch let error as MergedBefore {
      throw JobFailure(.unusableInput, "\(databasePath): \(error); use another --database")
    }
  }

  private func finish(_ merged: MergedRun, in ledger: LedgerDatabase) throws -> RunSummary {
    switch merged.way {
    case .new: break
    case .unchanged: host.notice("these shards were already merged as run \(merged.id); no new run was added")
    case .renewed: host.notice("run \(merged.id) was replaced, because its shards were retried")
    }
    try ledger.markCollected(run: merged.id, at: .now)
    let collected = CollectedRun(end: CollectingEnd(), retries: try ledger.retries(ofRun: merged.id), openRows: 0)
    return try RunCompletion(of: merged.id, in: ledger, collected, as: ending, to: host.standardOutput).complete()
  }

  /// Reports all problems.
  private func failure(_ problems: [String], _ status: ExitStatus) -> JobFailure {
    for problem in problems { host.error(problem.visible) }
    return JobFailure(status, "nothing was merged")
  }

  /// The current versions of the databases and their write-ahead logs.
  private var versions: [FileStatus.Version?] {
    databases.map { DatabaseFile($0) }
      .flatMap { [FileStatus(path: $0.path)?.version, FileStatus(path: $0.log)?.version] }
  }
}
