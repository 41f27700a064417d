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
  let ledger: Ledger
  let logger: Logger

  /// Reads the list to its end. Whatever is wrong with it, or does not fit the run, ends it here, and nothing is changed.
  ///
  /// - Throws: ``JobFailure``, `ListError` and `LedgerError`.
  func enter(_ list: inout ProjectList<ListFile>) throws -> RunRecord {
    switch plan.beginning {
    case .newRun: return try begin(&list)
    case .resume:
      guard let run = try ledger.newestUnfinishedRun() else { return try begin(&list) }
      return try goOn(with: run, rows: .open, &list)
    case .retryFailed:
      guard let run = try ledger.newestRun() else {
        throw JobFailure(.usage, "\(plan.databasePath): there is no run yet whose failed rows could be asked for again")
      }
      return try goOn(with: run, rows: .unanswered, &list)
    }
  }

  private func begin(_ list: inout ProjectList<ListFile>) throws -> RunRecord {
    var admitter = RowAdmitter(credentials: credentials, list: plan.listName, inputColumns: list.inputColumns)
    let draft = RunRecord(
      startedAt: .now, listPath: plan.listPath, inputColumns: list.inputColumns.map(credentials.mask.masked),
      baseURL: plan.recordedBaseURL(base), rate: plan.rate.description, concurrency: plan.concurrency,
      version: Version.current)
    let record = try ledger.beginRun(draft) {
      guard let row = try list.next() else { return nil }
      return try admitter.admit(row)
    } digest: {
      admitter.digest.text
    }
    for warning in admitter.warnings { logger.warning("\(warning.visible)") }
    return record
  }

  private func goOn(
    with run: RunRecord, rows: ReopenedRows, _ list: inout ProjectList<ListFile>
  ) throws -> RunRecord {
    try check(run, against: &list)
    let defaultCredential = credentials[Credential.defaultName] == nil ? nil : Credential.defaultName
    let pending = try ledger.reopen(
      rows, ofRun: run.id, credentials: credentials.names, defaultCredential: defaultCredential)
    logger.notice(
      "going on with run \(run.id), begun \(run.startedAt): \(pending) of \(run.listRows) rows are open")
    return run
  }

  private func check(_ run: RunRecord, against list: inout ProjectList<ListFile>) throws {
    let base = plan.recordedBaseURL(base)
    guard run.baseURL == base else {
      throw unfit(run, "it asks \(run.baseURL), not \(base)")
    }
    guard let digest = run.listDigest else {
      throw unfit(run, "jelou-inventory \(run.version) began it, and did not note what its list was")
    }
    var found = ListDigest(inputColumns: list.inputColumns)
    var rows = 0
    while let row = try list.next() {
      found.add(row)
      rows += 1
    }
    guard rows == run.listRows else {
      throw unfit(run, "its list (\(run.listPath)) has \(run.listRows) rows, and \(plan.listName) has \(rows)")
    }
    guard found.text == digest else {
      throw unfit(run, "\(plan.listName) is not, or not read like, the list it began with (\(run.listPath))")
    }
  }

  private func unfit(_ run: RunRecord, _ reason: String) -> JobFailure {
    let option = plan.beginning == .retryFailed ? "--retry-failed" : "--resume"
    return JobFailure(
      .unusableInput,
      "\(plan.databasePath): run \(run.id) can't go on: \(reason); begin a new run without \(option), or use another --database"
    )
  }
}
