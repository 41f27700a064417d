import Files
import GRDB
import InventoryModel
package import TextFormats

extension LedgerDatabase {
  /// Determines which runs can be deleted.
  ///
  /// The newest run is never deleted, because only that run can be resumed. The newest finished runs are not deleted
  /// either.
  ///
  /// - Throws: ``RunMissing`` and ``RunNeeded`` for a run that was selected by number, and ``LedgerError``.
  package func pruningPlan(_ choice: PruningChoice) throws -> PruningPlan {
    let runs = try writing {
      try pool.read { db in
        try Row.fetchAll(
          db,
          sql: """
            SELECT id, started_at, finished_at, state = 'finished' AS is_finished, \(EarlierRuns.belongs) AS belongs,
              \(Self.isUnfinished) AS is_unfinished, pruned_at IS NOT NULL AS is_pruned
            FROM runs ORDER BY id
            """
        )
        .map { row in
          RunTrace(
            span: EarlierRuns.Span(row), isFinished: row["is_finished"], isInHistory: row["belongs"],
            isUnfinished: row["is_unfinished"], isPruned: row["is_pruned"])
        }
      }
    }
    let there = runs.filter { !$0.isPruned }
    var needed: [Int64: RunNeeded.Reason] = [:]
    // The run that ended last. The next run's list is compared with its list.
    needed[there.filter(\.isInHistory).max { $0.span.ended(before: $1.span) }?.id ?? 0] = .newestFinished
    needed[there.last { $0.isFinished }?.id ?? 0] = .newestFinished
    needed[there.last?.id ?? 0] = .newest
    if let newest = there.last, newest.isUnfinished { needed[newest.id] = .resumable }
    switch choice {
    case .runs(let numbers):
      for number in numbers {
        guard let run = runs.first(where: { $0.id == number }) else { throw RunMissing(run: number, wasDeleted: false) }
        guard !run.isPruned else { throw RunMissing(run: number, wasDeleted: true) }
        if let reason = needed[number] { throw RunNeeded(run: number, reason: reason) }
      }
      return PruningPlan(runs: Set(numbers).sorted())
    case .olderThanNewest(let count):
      let kept = there.filter(\.isInHistory).suffix(count)
      guard kept.count == count, let oldest = kept.first else { return PruningPlan() }
      let older = there.filter { $0.id < oldest.id }.map(\.id)
      return PruningPlan(
        runs: older.filter { needed[$0] == nil },
        spared: older.compactMap { id in needed[id].map { RunNeeded(run: id, reason: $0) } })
    }
  }

  private struct RunTrace {
    let span: EarlierRuns.Span
    var id: Int64 { span.run }
    let isFinished: Bool
    /// Whether it is finished, or was finished before it was reopened.
    let isInHistory: Bool
    let isUnfinished: Bool
    let isPruned: Bool
  }

  /// Deletes runs, except the rows that other runs need (``PrunedHistory``), and shrinks the file.
  ///
  /// The new database is built beside the old one and replaces it in one transaction. If anything fails before that,
  /// for example because the disk is full or the process ends, the database is unchanged. No other process may write
  /// meanwhile; readers are allowed.
  ///
  /// - Parameters:
  ///   - runs: the runs of a ``pruningPlan(_:)``.
  ///   - dryRun: whether to perform all steps but the last.
  /// - Throws: ``LedgerError`` and `FileError`.
  package func prune(_ runs: [Int64], at time: Timestamp, dryRun: Bool = false) throws -> PruningResult {
    guard let file else { throw LedgerError.damaged(path: path) }
    let folder = try WorkingFolder(beside: file.path)
    let (copy, compact) = (folder.path + "/copy.db", folder.path + "/compact.db")
    var result = PruningResult(runs: runs)
    try writing {
      let version = try dataVersion
      result.sizeBefore = FileStatus(path: file.path)?.size ?? 0
      try pool.vacuum(into: copy)
      try Self.withThrowaway(copy) { queue in
        try queue.writeWithoutTransaction { db in
          try db.inTransaction {
            let history = try PrunedHistory(db: db, deleting: runs)
            (result.rowsDeleted, result.rowsNeeded) = try history.thin(at: time)
            return .commit
          }
        }
        try queue.vacuum(into: compact)
      }
      DatabaseFile(copy).remove()
      result.sizeAfter = FileStatus(path: compact)?.size ?? 0
      guard !dryRun else { return }
      guard try dataVersion == version else {
        throw LedgerError.cannotWrite(
          path: path, reason: "another program has changed it in the meantime; run the command again")
      }
      try Self.withThrowaway(compact) { try $0.backup(to: pool) }
      // A process that is reading keeps the old pages in the log, and this call does not wait for it. In that case, the
      // last process to close the database frees the space.
      try? mergeLog()
    }
    return result
  }

  /// A number that changes whenever another connection has written. Waits for a connection that is writing.
  private var dataVersion: Int? {
    get throws { try pool.write { try Int.fetchOne($0, sql: "PRAGMA data_version") } }
  }

  /// Opens a disposable database, which may be damaged in a crash: it has no rollback journal, and nothing is synced.
  private static func withThrowaway(_ path: String, _ body: (DatabaseQueue) throws -> Void) throws {
    var configuration = Configuration()
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000")
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try body(queue)
    try queue.close()
  }
}
