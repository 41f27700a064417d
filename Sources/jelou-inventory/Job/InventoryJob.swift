import Auditing
import Collecting
import Dispatch
import Gateway
import InventoryModel
import Ledger
import Logging
import ProjectList
import Reporting

/// One run from list to reports.
struct InventoryJob: Sendable {
  let plan: RunPlan
  let logger: Logger
  let console: Console
  let progress: ProgressDisplay.Style
  let interruption: Interruption

  private let began = ContinuousClock.now

  init(
    plan: RunPlan, logger: Logger, console: Console, progress: ProgressDisplay.Style, interruption: Interruption
  ) {
    self.plan = plan
    self.logger = logger
    self.console = console
    self.progress = progress
    self.interruption = interruption
  }

  /// What is known once the list is in the ledger.
  private struct Begun: Sendable {
    let ledger: Ledger
    let record: RunRecord
    /// Rows that are not asked for.
    let settled: OutcomeCounts
    /// The projects that several of its rows have; nil in a run whose rows were there before.
    let repeatedProjects: RepeatedTexts?
    let credentials: Credentials
    /// Holds the locks.
    let places: OutputPlaces
  }

  /// - Returns: how the run went, when its reports are in place.
  /// - Throws: ``JobFailure`` and the errors of the stages, see ``JobFailure/init(_:)``.
  func run() async throws -> RunSummary {
    try await plan.withGateway { try await run(against: $0) }
  }

  private func run(against base: BaseURL) async throws -> RunSummary {
    let credentials = try plan.loadCredentials(console: console, logger: logger)
    let transport = try plan.transport(to: base)
    do {
      let begun = try begin(base: base, credentials: credentials)
      defer { begun.places.release() }
      let gateway = plan.gateway(at: base, credentials: credentials, transport: transport)
      do {
        let collected = try await collect(begun, asking: gateway, on: transport.executors)
        await transport.shutdown()
        return try Self.finish(run: begun.record.id, in: begun.ledger, collected, as: plan.ending)
      } catch {
        try? begun.ledger.close()
        if error is DataOutput.ReaderGone || plan.databasePath == nil { throw error }
        throw JobFailure(error).adding(Self.advice(after: error))
      }
    } catch {
      await transport.shutdown()
      throw error
    }
  }

  private static func advice(after error: any Error) -> String {
    guard let lost = error as? AnswersLost else { return "What was answered is kept; continue with --resume." }
    return "The last \(lost.count.counted("answer", "answers")) could not be kept; --resume requests them again."
  }

  /// Reads the list into the ledger. Whatever is wrong with it ends the run here, and leaves nothing behind.
  private func begin(base: BaseURL, credentials: Credentials) throws -> Begun {
    let list = try plan.openList(logger: logger)
    let admitter = RowAdmitter(credentials: credentials, list: list)
    let intake = ListIntake(list, admitter: admitter)
    let places = try OutputPlaces(
      reports: plan.reports, databasePath: plan.databasePath, inputs: plan.inputs(credentials: credentials))
    interruption.whilePreparing(cleanUp: places.discard)
    let entrance = RunEntrance(plan: plan, base: base, credentials: credentials, logger: logger)
    let lockWait = LockWait(logger: logger, asks: true) { [interruption] in interruption.signal != nil }
    let (ledger, entered) = try places.entering(databaseAt: plan.databasePath, lockWait: lockWait) {
      try entrance.enter(intake, in: $0)
    }
    return Begun(
      ledger: ledger, record: entered.record, settled: entered.settled,
      repeatedProjects: entered.repeatedProjects, credentials: credentials, places: places)
  }

  /// What collecting leaves behind beside the ledger's rows.
  struct Collected: Sendable {
    var end: CollectingEnd
    /// Requests for projects that had been asked for before.
    var retries: Int
    /// Rows that are open for a resumed run.
    var openRows: Int
    /// Of all rows; nil where they have to be looked through.
    var digest: AnswerDigest.Contents?
  }

  /// - Parameter executors: for the workers.
  private func collect(
    _ begun: Begun, asking gateway: IntegrationGateway, on executors: [any TaskExecutor]
  ) async throws -> Collected {
    let (ledger, run) = (begun.ledger, begun.record.id)
    let stop = StopSignal()
    interruption.stops(with: stop, logger: logger)
    let board = ProgressBoard(outcomes: begun.settled)
    let rows = rowStream(begun, hasSettledRows: board.current.outcomes.total > 0, stop: stop)
    let digest = digest(begun)
    let collector = Collector(
      try settings(begun), ledger: RunLedger(ledger: ledger, run: begun.record, rows: rows, digest: digest),
      clock: ContinuousClock(),
      progress: board, executors: executors, stop: stop, wallClock: { .now }, report: EventLog(logger: logger)?.report,
      ask: { await gateway.ask(for: $0, onFreshConnection: $1, whenSent: $2) })
    let display = ProgressDisplay(
      style: progress, total: begun.record.listRows, board: board, console: console, logger: logger)
    let end = try await display.showing {
      if let rows { try await rows.cancelling(collector.run) } else { try await collector.run() }
    }
    try ledger.dropPendingIndex()
    let openRows = try end.reason.map { try ledger.skipPendingRows(ofRun: run, $0.rowError) } ?? 0
    let contents = end.reason == nil ? digest?.contents(ofAll: begun.record.listRows) : nil
    try ledger.markCollected(
      run: run, at: .now, outcomes: contents?.outcomes, resumeAfter: openRows == 0 ? nil : end.reason?.resumeAfter)
    try await rows?.finish()
    return Collected(end: end, retries: board.current.retries, openRows: openRows, digest: contents)
  }

  /// - Returns: nil where the rows have to be looked through in any case: not all of them are asked for now, or more is
  ///   needed of them than their answers.
  private func digest(_ begun: Begun) -> AnswerDigest? {
    let audit = Audit(plan.audit, inputColumns: begun.record.inputColumns)
    guard let projects = begun.repeatedProjects, begun.settled.total == 0, plan.reports.takesRowsAtTheEnd,
      !audit.readsInput
    else { return nil }
    return AnswerDigest(begun: begun.record.startedAt, projects: projects, audit.findings)
  }

  /// - Returns: nil where the reports are written when the run is over.
  private func rowStream(_ begun: Begun, hasSettledRows: Bool, stop: StopSignal) -> RowStream? {
    guard case .rows(let order) = plan.reports else { return nil }
    let writer = RowWriter(
      order, of: begun.record, in: begun.ledger,
      audit: Audit(plan.audit, inputColumns: begun.record.inputColumns), hasSettledRows: hasSettledRows)
    return RowStream(writer, stop: stop)
  }

  private func settings(_ begun: Begun) throws -> CollectingSettings {
    var scope = RateScope.all
    if plan.rateBudget == .credential {
      try begun.ledger.indexPendingRowsByCredential()
      scope = .credentials(try begun.ledger.pendingCredentials(ofRun: begun.record.id))
    }
    return CollectingSettings(
      rate: plan.ownRate, burst: plan.ownBurst, firstStart: plan.ownFirstStart, scope: scope,
      concurrency: plan.connections,
      retry: RetryPolicy(maxAttempts: plan.maxAttempts),
      timeLimit: plan.maxDuration.map { max(.zero, $0 - (.now - began)) })
  }

  /// Makes findings, changes and reports of a run that is collected, or merged, and closes the ledger.
  static func finish(
    run: Int64, in ledger: Ledger, _ collected: Collected, as plan: RunEnding
  ) throws -> RunSummary {
    guard var record = try ledger.run(run) else { throw LedgerError.damaged(path: ledger.path) }
    // The reports tell of the run as it ends here; the ledger calls it so when they are all in place.
    record.state = collected.openRows == 0 ? .finished : collected.end.reason?.state ?? .stopped
    let audit = Audit(plan.audit, inputColumns: record.inputColumns)
    let inFull = plan.reports.tellOfTheWholeRun
    // What merging the log fails in, closing the ledger tells.
    let merging = DispatchGroup()
    defer { merging.wait() }
    DispatchQueue.global().async(group: merging) { try? ledger.mergeLog(emptying: false) }
    var overview = try beside {
      try ledger.overviewOfAnswers(ofRun: run, inFull: inFull, digest: collected.digest)
    } _: { overview in
      if let digest = collected.digest {
        try ledger.replaceFindings(ofRun: run, by: digest)
      } else {
        try ledger.replaceFindings(ofRun: run, audit.findings)
      }
      // One that was interrupted or stopped keeps its state.
      record.held = try ledger.computeChanges(
        ofRun: run, holdingBeyond: record.state == .finished ? plan.maxGone : nil)
      if record.held != nil { record.state = .held }
      return try overview()
    }
    // Every row of the list comes out again, or nothing is called finished.
    let outcomes = overview.outcomes
    guard outcomes.total == record.listRows else { throw LedgerError.damaged(path: ledger.path) }
    try ledger.complete(&overview, ofRun: run, inFull: inFull)
    let reported = try ReportedRun(record, in: ledger, for: plan.reports, overview: overview)
    try plan.reports.write(reported) { body in
      var told = OutcomeCounts()
      try ledger.forEachBatch(ofRun: run) { rows in
        for index in rows.indices { told[rows[index].outcome] += 1 }
        try body(rows)
      }
      // What was gathered, and is told above the rows, is what the ledger has.
      guard told == outcomes else { throw LedgerError.damaged(path: ledger.path) }
      // With what findings and changes have added; what is left then is to wait for the disk.
      DispatchQueue.global().async(group: merging) { try? ledger.mergeLog(emptying: true) }
    }
    merging.wait()
    try ledger.setState(record.state, ofRun: run)
    // Each looks through all rows, of which most runs have none to find.
    let causes =
      outcomes.answered < outcomes.total
      ? try ledger.unansweredCauses(ofRun: run, limit: RunSummary.causesShown, examples: RunSummary.examplesShown)
      : Sample()
    let everyCredentialWasRefused = outcomes.answered == 0 ? try ledger.everyCredentialWasRefused(inRun: run) : false
    let summary = RunSummary(
      record: record, outcomes: outcomes, notTheGateway: reported.overview.notTheGateway,
      findings: reported.overview.findings, retries: collected.retries,
      openRows: collected.openRows,
      throttled: collected.end.throttled, stopReason: collected.openRows == 0 ? nil : collected.end.reason,
      causes: causes,
      conditions: try plan.failConditions.map {
        try ledger.check($0, ofRun: run, limit: RunSummary.rowsShown)
      }.filter(\.holds),
      everyCredentialWasRefused: everyCredentialWasRefused,
      databasePath: plan.databasePath, files: plan.reports.files + [plan.databasePath].compactMap { $0 })
    try ledger.close()
    return summary
  }
}
