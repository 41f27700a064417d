import Auditing
import Collecting
import Gateway
import GatewayTransport
import InventoryModel
import Ledger
import ProjectList
import Reporting
import TextFormats

/// One run, from reading the list to writing the reports.
package struct InventoryJob: Sendable {
  let plan: RunPlan
  let host: any JobHost

  private let began = ContinuousClock.now

  package init(plan: RunPlan, host: any JobHost) {
    self.plan = plan
    self.host = host
  }

  /// The state of a run once the list is in the ledger.
  private struct Begun: Sendable {
    let ledger: LedgerDatabase
    let record: RunRecord
    /// Rows that need no request.
    let settled: OutcomeCounts
    let credentials: Credentials
    /// Holds the locks.
    let reservation: OutputReservation
  }

  /// - Returns: the results of the run, once its reports are in place.
  /// - Throws: ``JobFailure`` and the errors of the stages; see ``JobFailure/init(_:)``.
  package func run() async throws -> RunSummary {
    try await plan.withGateway { try await run(against: $0) }
  }

  private func run(against base: BaseURL) async throws -> RunSummary {
    let credentials = try plan.loadCredentials(host: host)
    let transport = try plan.transport(to: base)
    do {
      let begun = try begin(base: base, credentials: credentials)
      defer { begun.reservation.release() }
      let gateway = plan.gateway(at: base, credentials: credentials, transport: transport)
      do {
        let collected = try await collect(begun, asking: gateway, over: transport)
        await transport.shutdown()
        return try RunCompletion(
          of: begun.record.id, in: begun.ledger, collected, as: plan.ending, to: host.standardOutput
        ).complete()
      } catch {
        try? begun.ledger.close()
        if error is ReaderGone || plan.databasePath == nil { throw error }
        throw JobFailure(error).adding(Self.advice(after: error))
      }
    } catch {
      await transport.shutdown()
      throw error
    }
  }

  private static func advice(after error: any Error) -> String {
    guard let lost = error as? AnswersLost else { return "All answers so far are saved; continue with --resume." }
    return "The last \(lost.count.counted("answer", "answers")) could not be saved; --resume requests them again."
  }

  /// Reads the list into the ledger. Any problem with the list ends the run here and leaves nothing behind.
  private func begin(base: BaseURL, credentials: Credentials) throws -> Begun {
    let list = try plan.openList(host: host)
    let validator = RowValidator(credentials: credentials, list: list)
    let importer = ListImporter(list, validator: validator)
    let reservation = try OutputReservation(
      reports: plan.reports, databasePath: plan.databasePath, inputs: plan.inputs(credentials: credentials))
    host.signals.endProcess(cleanUp: reservation.discard)
    let opener = RunOpener(plan: plan, base: base, credentials: credentials, host: host)
    let lockWait = LockWait(host: host, asks: true) { [host] in host.signals.timeSinceSignal != nil }
    let (ledger, entered) = try reservation.entering(databaseAt: plan.databasePath, lockWait: lockWait) {
      try opener.enter(importer, in: $0)
    }
    return Begun(
      ledger: ledger, record: entered.record, settled: entered.settled, credentials: credentials,
      reservation: reservation)
  }

  private func collect(
    _ begun: Begun, asking gateway: IntegrationGateway, over transport: HTTPTransport
  ) async throws -> CollectedRun {
    let (ledger, run) = (begun.ledger, begun.record.id)
    let stop = StopSignal()
    host.signals.stopJob { [host] in
      stop.stop(.interrupted)
      host.notice(
        "stopping: waiting up to 5 s for requests in flight, then writing the reports; a second signal stops at once")
    }
    let board = ProgressBoard(outcomes: begun.settled)
    let rows = rowStream(begun, hasSettledRows: board.current.outcomes.total > 0)
    let collector = Collector(
      try settings(begun), ledger: RunLedger(ledger: ledger, run: begun.record, rows: rows),
      clock: transport.clock, progress: board, executors: transport.executors, stop: stop, wallClock: { .now },
      report: EventLog(host: host)?.report,
      ask: { await gateway.ask(for: $0, onFreshConnection: $1, whenSent: $2) })
    let end = try await host.showingProgress(of: board, rows: begun.record.listRows) {
      if let rows { try await rows.cancelling(collector.run) } else { try await collector.run() }
    }
    try ledger.dropPendingIndex()
    let openRows = try end.reason.map { try ledger.skipPendingRows(ofRun: run, $0.rowError) } ?? 0
    try ledger.markCollected(
      run: run, at: .now, resumeAfter: openRows == 0 ? nil : end.reason?.resumeAfter)
    try await rows?.finish()
    let counts = board.current
    return CollectedRun(
      end: end, retries: counts.retries, openRows: openRows, outcomes: end.reason == nil ? counts.outcomes : nil)
  }

  /// - Returns: nil if the reports are written when the run ends.
  private func rowStream(_ begun: Begun, hasSettledRows: Bool) -> RowStream? {
    guard case .rows(let order) = plan.reports else { return nil }
    let writer = RowWriter(
      order, of: begun.record, in: begun.ledger,
      audit: Audit(plan.ending.audit, inputColumns: begun.record.inputColumns), hasSettledRows: hasSettledRows,
      to: host.standardOutput)
    return RowStream(writer)
  }

  private func settings(_ begun: Begun) throws -> CollectingSettings {
    var scope = RateScope.all
    if plan.pace.rateBudget == .credential {
      try begun.ledger.indexPendingRowsByCredential()
      scope = .credentials(try begun.ledger.pendingCredentials(ofRun: begun.record.id))
    }
    return CollectingSettings(
      rate: plan.ownRate, burst: plan.ownBurst, firstStart: plan.ownFirstStart, scope: scope,
      concurrency: plan.connections,
      retry: RetryPolicy(maxAttempts: plan.pace.maxAttempts),
      timeLimit: plan.pace.maxDuration.map { max(.zero, $0 - (.now - began)) })
  }
}
