import Auditing
import Collecting
import InventoryModel
import Ledger
import Reporting

/// The result of collecting, in addition to the rows in the ledger.
struct CollectedRun: Sendable {
  var end: CollectingEnd
  /// Requests for projects that had been asked for before.
  var retries: Int
  /// Rows left for a resumed run.
  var openRows: Int
  /// The outcomes as they were counted while answers arrived; nil if the run did not settle all rows.
  var outcomes: OutcomeCounts?
}

/// Completes a run whose rows are all settled: findings, comparison, reports, state.
struct RunCompletion {
  private let run: Int64
  private let ledger: LedgerDatabase
  private let collected: CollectedRun
  private let ending: RunEnding
  private let output: any JobOutput

  init(
    of run: Int64, in ledger: LedgerDatabase, _ collected: CollectedRun, as ending: RunEnding,
    to output: any JobOutput
  ) {
    self.run = run
    self.ledger = ledger
    self.collected = collected
    self.ending = ending
    self.output = output
  }

  /// Closes the ledger at the end.
  ///
  /// - Throws: `LedgerError`, `FileError`, ``ReaderGone`` and ``JobFailure``.
  func complete() throws -> RunSummary {
    guard var record = try ledger.run(run) else { throw LedgerError.damaged(path: ledger.path) }
    // The reports show the run's final state. The ledger records that state once all reports are in place.
    record.state = collected.openRows == 0 ? .finished : collected.end.reason?.state ?? .stopped
    try audit(record)
    try compare(&record)
    let reported = try report(record)
    try ledger.setState(record.state, ofRun: run)
    let summary = try summarize(record, reported.overview)
    try ledger.close()
    return summary
  }

  private func audit(_ record: RunRecord) throws {
    let audit = Audit(ending.audit, inputColumns: record.inputColumns)
    try ledger.replaceFindings(ofRun: run, audit.findings)
  }

  /// Compares the run with the answers of earlier runs, and holds it if too many integrations have disappeared.
  private func compare(_ record: inout RunRecord) throws {
    // A run that was interrupted or stopped keeps its state.
    record.held = try ledger.computeChanges(
      ofRun: run, holdingBeyond: record.state == .finished ? ending.maxGone : nil)
    if record.held != nil { record.state = .held }
  }

  private func report(_ record: RunRecord) throws -> ReportedRun {
    let reported = try ReportedRun(record, in: ledger, for: ending.reports)
    // The reports must contain every row of the list. Otherwise, the run is not recorded as finished.
    let outcomes = reported.overview.outcomes
    // They must also be what was answered.
    guard outcomes.total == record.listRows, collected.outcomes ?? outcomes == outcomes else {
      throw LedgerError.damaged(path: ledger.path)
    }
    try ending.reports.write(reported, to: output) { try ledger.forEachBatch(ofRun: run, $0) }
    return reported
  }

  private func summarize(_ record: RunRecord, _ overview: RunOverview) throws -> RunSummary {
    let outcomes = overview.outcomes
    // Each of these queries scans all rows, and in most runs no row can match, so they run only if needed.
    let causes =
      outcomes.answered < outcomes.total
      ? try ledger.unansweredCauses(ofRun: run, limit: RunSummary.causesShown, examples: RunSummary.examplesShown)
      : Sample()
    // The overview has the changes only if a report needs them.
    let (changes, previousRun) =
      ending.reports.tellOfTheWholeRun
      ? (overview.changes, overview.previousRun) : try ledger.changeCounts(ofRun: run)
    let everyCredentialWasRefused = outcomes.answered == 0 ? try ledger.everyCredentialWasRefused(inRun: run) : false
    let conditions = try ending.failConditions.map { try ledger.check($0, ofRun: run, limit: RunSummary.rowsShown) }
    return RunSummary(
      record: record, outcomes: outcomes, notTheGateway: overview.notTheGateway, findings: overview.findings,
      changes: changes, previousRun: previousRun, retries: collected.retries, openRows: collected.openRows,
      throttled: collected.end.throttled,
      stopReason: collected.openRows == 0 ? nil : collected.end.reason, causes: causes,
      conditions: conditions.filter(\.holds), everyCredentialWasRefused: everyCredentialWasRefused,
      databasePath: ending.databasePath, files: ending.reports.files + [ending.databasePath].compactMap { $0 })
  }
}
