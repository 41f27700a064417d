import Collecting
import Gateway
package import InventoryModel
import Ledger
import ProjectList
import TextFormats

/// Decides which run processes the list: a new run with all its rows, or a run that is already in the ledger.
package struct RunOpener {
  let plan: RunPlan
  let base: BaseURL
  let credentials: Credentials
  let host: any JobHost

  /// How a run starts.
  enum Start {
    /// As a new run.
    ///
    /// - Parameter leaving: an unfinished run that `--resume` does not continue; nil if there is none to report.
    case new(leaving: LeftRun?)
    /// As the continuation of an earlier run, with these of its rows.
    case continuing(RunRecord, ReopenedRows)
  }

  /// An unfinished run that is left unchanged.
  package struct LeftRun: Sendable {
    package var record: RunRecord
    /// Worded to follow "because" in a sentence.
    var reason: String
  }

  /// A run to process, and the number of its rows that are already settled.
  struct Entered {
    let record: RunRecord
    let settled: OutcomeCounts
  }

  /// Thrown to stop importing a list whose run already exists.
  private struct Continued: Error {
    let run: RunRecord
    let rows: ReopenedRows
  }

  /// Imports the list as a new run, or continues the earlier run of the same list.
  ///
  /// The list is imported before it is compared, because a list from a pipe can be read only once and may be larger
  /// than memory. If the end of the list shows that it is the list of the run to continue, the import is rolled back
  /// and that run continues.
  ///
  /// If the list is invalid or does not match a run that must be continued, the method throws and nothing is changed.
  ///
  /// - Throws: ``JobFailure``, `ListError`, and `LedgerError`.
  func enter(_ list: ListImporter, in ledger: LedgerDatabase) throws -> Entered {
    let expected = try start(in: ledger)
    var leaving: LeftRun?
    do {
      let run = try begin(list, in: ledger) { imported in
        switch try start(expected, of: imported) {
        case .new(let left): leaving = left
        case .continuing(let run, let rows): throw Continued(run: run, rows: rows)
        }
      }
      ledger.discardAnswersAside()
      for warning in list.warnings { host.warning(warning.visible) }
      if let leaving {
        let openRows = try ledger.openRows(ofRun: leaving.record.id)
        host.notice(Self.leaving(leaving, openRows: openRows).visible)
      }
      return Entered(record: run, settled: list.settled)
    } catch let continued as Continued {
      let keptAside = try ledger.takeInAnswers(ofRun: continued.run)
      if keptAside > 0 {
        host.notice(
          "recovered \(keptAside.counted("answer", "answers")) that could not be written to the database before")
      }
      let (pending, settled) = try ledger.reopen(
        continued.rows, ofRun: continued.run.id, credentials: credentials.names,
        defaultCredential: credentials.nameOfDefault)
      host.notice(Self.continuing(continued.run, openRows: pending))
      return Entered(record: continued.run, settled: settled)
    }
  }

  /// Determines how the run starts, as far as this is known before the list is read.
  ///
  /// - Parameter ledger: nil if there is no database yet.
  /// - Throws: ``JobFailure`` if a run must be continued but there is none or it does not match, and `LedgerError`.
  func start(in ledger: LedgerDatabase?) throws -> Start {
    switch plan.mode {
    case .newRun: return .new(leaving: nil)
    case .resume:
      guard let ledger, let run = try ledger.newestUnfinishedRun() else { return .new(leaving: nil) }
      let age = Duration.milliseconds(
        Timestamp.now.milliseconds - (try ledger.lastActivity(ofRun: run)).milliseconds)
      if let newest = try ledger.newestRun(), newest.id != run.id {
        // Do not report a run that was abandoned long ago again every month.
        guard age <= plan.resumeWithin else { return .new(leaving: nil) }
        return .new(
          leaving: LeftRun(record: run, reason: "run \(newest.id) is newer, and only the newest run can be resumed"))
      }
      if let obstacle = obstacle(to: run) { return .new(leaving: LeftRun(record: run, reason: obstacle)) }
      guard age <= plan.resumeWithin else {
        return .new(
          leaving: LeftRun(
            record: run,
            reason: "it was last active more than \(plan.resumeWithin.inWords) ago (--resume-within)")
        )
      }
      return .continuing(run, .open)
    case .retryFailed:
      guard let run = try ledger?.newestRun() else {
        throw JobFailure(.usage, "\(plan.databaseName): there is no run to retry; start one without --retry-failed")
      }
      if let obstacle = obstacle(to: run) { throw unfit(run, obstacle) }
      return .continuing(run, .unanswered)
    }
  }

  /// Determines how the run starts, now that the list is known.
  ///
  /// - Throws: ``JobFailure`` if the run must be continued but has a different list.
  func start(_ start: Start, of list: ImportedList) throws(JobFailure) -> Start {
    guard case .continuing(let run, _) = start, let difference = difference(of: list, from: run) else { return start }
    guard plan.mode == .resume else { throw unfit(run, difference) }
    return .new(leaving: LeftRun(record: run, reason: difference))
  }

  /// Reads the list to its end and creates a new run with all its rows, or only the rows of the shard.
  ///
  /// - Parameter confirm: called at the end of the list with what is known about it. If it throws, the error is
  ///   rethrown and nothing is stored.
  func begin(
    _ list: ListImporter, in ledger: LedgerDatabase, confirm: (ImportedList) throws -> Void = { _ in }
  ) throws -> RunRecord {
    let draft = RunRecord(
      startedAt: .now, listPath: plan.listPath, inputColumns: list.keptColumns,
      baseURL: plan.recordedBaseURL(base), rate: plan.pace.rate.description, concurrency: plan.pace.concurrency,
      shard: plan.shard.description, version: ProgramVersion.current)
    return try ledger.beginRun(draft) {
      try list.next(ofShard: plan.shard)
    } list: {
      let entered = list.entered
      try confirm(entered)
      return entered
    }
  }

  /// Why a run can't be continued, regardless of the list; nil if it can.
  private func obstacle(to run: RunRecord) -> String? {
    let base = plan.recordedBaseURL(base)
    if !run.baseURL.isExactly(base) { return "its base URL is \(run.baseURL), not \(base)" }
    if run.shard != plan.shard.description { return "it is shard \(run.shard), not shard \(plan.shard)" }
    if run.listDigest == nil {
      return "it was started by jelou-inventory \(run.version), which did not record its list"
    }
    return nil
  }

  /// How a list differs from that of a run; nil if it is the same list.
  private func difference(of list: ImportedList, from run: RunRecord) -> String? {
    let before = run.wholeListRows ?? run.listRows
    let name = run.listPath == plan.listPath || run.listPath == "-" ? "its list" : "its list \(run.listPath)"
    if let rows = list.wholeListRows, rows != before {
      return "\(name) had \(before.counted("row", "rows")), but \(plan.listName) has \(rows)"
    }
    guard list.digest != run.listDigest else { return nil }
    return "\(name) had different content than \(plan.listName), or was read with other options"
  }

  /// The user message for a run that is continued.
  package static func continuing(_ run: RunRecord, openRows: Int) -> String {
    let wait = run.resumeAfter.map { $0 > .now ? "; the gateway asked to wait until \($0.inWords)" : "" } ?? ""
    return "continuing run \(run.id), started \(run.startedAt): \(open(openRows, of: run))\(wait)"
  }

  /// The user message for a run that is not continued.
  package static func leaving(_ left: LeftRun, openRows: Int) -> String {
    let run = left.record
    return "starting a new run: run \(run.id), started \(run.startedAt) (\(open(openRows, of: run))), is not continued "
      + "because \(left.reason)"
  }

  private static func open(_ rows: Int, of run: RunRecord) -> String {
    "\(rows) of \(run.listRows.counted("row", "rows")) \(rows == 1 ? "is" : "are") open"
  }

  private func unfit(_ run: RunRecord, _ reason: String) -> JobFailure {
    JobFailure(
      .unusableInput,
      "\(plan.databaseName): run \(run.id) can't be continued: \(reason); start a new run without --retry-failed, "
        + "or use another --database")
  }
}
