import Collecting
import Gateway
import InventoryModel
import Ledger
import Logging
import ProjectList

/// Finds the run that is to be worked off: a new one with all rows of the list, or one that the ledger has already.
struct RunEntrance {
  let plan: RunPlan
  let base: BaseURL
  let credentials: Credentials
  let logger: Logger

  /// A run that is to be worked off, and its rows that are settled already.
  struct Entered {
    let record: RunRecord
    let settled: OutcomeCounts
  }

  /// Reads the list to its end. Whatever is wrong with it, or does not fit the run, ends it here, and nothing is changed.
  ///
  /// - Throws: ``JobFailure``, `ListError` and `LedgerError`.
  func enter(_ list: ListIntake, in ledger: Ledger) throws -> Entered {
    guard let (run, rows) = try earlierRun(in: ledger) else {
      let record = try begin(list, in: ledger)
      for warning in list.warnings { logger.warning("\(warning.visible)") }
      return Entered(record: record, settled: list.settled)
    }
    // The rows are found meanwhile, and stay as they are unless the list is the run's.
    let (pending, settled) = try beside {
      try list.noteAll()
    } _: { noted in
      try ledger.reopen(
        rows, ofRun: run.id, credentials: credentials.names, defaultCredential: credentials.nameOfDefault
      ) {
        let admitter = try noted()
        try check(run, rows: admitter.rows, digest: admitter.digest)
      }
    }
    logger.notice("\(Self.goingOn(with: run, openRows: pending))")
    return Entered(record: run, settled: settled)
  }

  /// The run that is gone on with, and which of its rows; nil when a new one begins.
  ///
  /// - Parameter ledger: nil where there is no database yet.
  /// - Throws: ``JobFailure`` when there is no such run, or when it can't go on whatever the list is.
  func earlierRun(in ledger: Ledger?) throws -> (run: RunRecord, rows: ReopenedRows)? {
    let found: (run: RunRecord, rows: ReopenedRows)?
    switch plan.beginning {
    case .newRun: found = nil
    case .resume: found = try ledger?.newestUnfinishedRun().map { ($0, .open) }
    case .retryFailed:
      guard let run = try ledger?.newestRun() else {
        throw JobFailure(.usage, "\(plan.databaseName): there is no run yet whose failed rows could be asked for again")
      }
      found = (run, .unanswered)
    }
    guard let found else { return nil }
    let base = plan.recordedBaseURL(base)
    guard found.run.baseURL.isExactly(base) else {
      throw unfit(found.run, "it asks \(found.run.baseURL), not \(base)")
    }
    guard found.run.shard == plan.shard.description else {
      throw unfit(found.run, "it is of shard \(found.run.shard), not of \(plan.shard)")
    }
    guard found.run.listDigest != nil else {
      throw unfit(found.run, "jelou-inventory \(found.run.version) began it, and did not note what its list was")
    }
    return found
  }

  /// Reads the list to its end, and enters a new run with all its rows, or those of the shard.
  func begin(_ list: ListIntake, in ledger: Ledger) throws -> RunRecord {
    let draft = RunRecord(
      startedAt: .now, listPath: plan.listPath, inputColumns: list.keptColumns,
      baseURL: plan.recordedBaseURL(base), rate: plan.rate.description, concurrency: plan.concurrency,
      shard: plan.shard.description, version: Version.current)
    return try ReadAhead.run { row in
      row.byteCount
    } making: {
      try list.forEachRow(ofShard: plan.shard, $0)
    } _: { next in
      try ledger.beginRun(draft, rows: next) { list.entered }
    }
  }

  /// Makes sure that the list is the one with which the run began.
  ///
  /// - Parameters:
  ///   - rows: of the whole list that is there now.
  ///   - digest: of these rows.
  func check(_ run: RunRecord, rows: Int, digest: ListDigest) throws(JobFailure) {
    let began = run.wholeListRows ?? run.listRows
    guard rows == began else {
      throw unfit(run, "its list (\(run.listPath)) has \(began) rows, and \(plan.listName) has \(rows)")
    }
    guard digest.text == run.listDigest else {
      throw unfit(run, "\(plan.listName) is not, or not read like, the list it began with (\(run.listPath))")
    }
  }

  /// What a user is told of it.
  static func goingOn(with run: RunRecord, openRows: Int) -> String {
    "going on with run \(run.id), begun \(run.startedAt): \(openRows) of \(run.listRows) rows are open"
  }

  private func unfit(_ run: RunRecord, _ reason: String) -> JobFailure {
    let option = plan.beginning == .retryFailed ? "--retry-failed" : "--resume"
    return JobFailure(
      .unusableInput,
      "\(plan.databaseName): run \(run.id) can't go on: \(reason); begin a new run without \(option), or use another --database"
    )
  }
}
