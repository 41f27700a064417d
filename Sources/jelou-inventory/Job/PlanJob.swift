import Collecting
import DelimitedText
import Files
import Gateway
import InventoryModel
import Ledger
import Logging
import ProjectList
import Reporting

/// Finds out what a run would do, by the run's own means: only what it makes is not made, and nothing is asked.
struct PlanJob: Sendable {
  let plan: RunPlan
  /// Of a request, for as long as none was measured.
  let assumedLatency: Duration
  /// Whether one request is made with each credential.
  let probes: Bool
  let logger: Logger
  let console: Console

  /// - Throws: what a run would end with before its first request, see ``JobFailure/init(_:)``.
  func run() async throws -> Forecast {
    try await plan.withGateway { base in
      let credentials = try plan.loadCredentials(console: console, logger: logger)
      let transport = try plan.transport(to: base)
      do {
        let look = try look(base: base, credentials: credentials)
        let gateway = plan.gateway(at: base, credentials: credentials, transport: transport)
        let probes = probes ? try await probe(look.shares, asking: gateway, on: transport.executors) : nil
        await transport.shutdown()
        return forecast(look, probes: probes, base: base, credentials: credentials)
      } catch {
        await transport.shutdown()
        throw error
      }
    }
  }

  /// What was found out without a request.
  private struct Look: Sendable {
    var reading: Forecast.Reading
    var list: ListFigures
    var wholeListRows: Int
    var doubts: [ProjectIDCheck.Doubt: Sample<Int>]
    /// About the list.
    var warnings: [String]
    var shares: [CredentialShare]
    var earlierRun: Forecast.EarlierRun?
    var leftRun: Forecast.LeftRun?
  }

  private func look(base: BaseURL, credentials: Credentials) throws -> Look {
    let list = try plan.openList(logger: logger)
    let reading = Forecast.Reading(
      encoding: list.encoding.rawValue, delimiter: list.delimiterName, hasHeader: list.hasHeader,
      idColumn: list.idColumnName, firstIDs: list.firstIDs, restoresCells: list.restoresCells)
    try OutputPlaces.check(
      reports: plan.reports, databasePath: plan.databasePath, inputs: plan.inputs(credentials: credentials))
    let history = try plan.databasePath.flatMap { path throws(LedgerError) in
      try Ledger.looking(into: path, lockWait: LockWait(logger: logger))
    }
    defer { try? history?.close() }
    let entrance = RunEntrance(plan: plan, base: base, credentials: credentials, logger: logger)
    let expected = try entrance.start(in: history)
    let scratch = try Ledger.temporary()
    defer { try? scratch.close() }
    let admitter = RowAdmitter(credentials: credentials, list: list, keepsCells: false)
    let intake = ListIntake(list, admitter: admitter)
    let run = try entrance.begin(intake, in: scratch).record
    let read = intake.admitter
    var (source, begun, rows) = (scratch, run, ReopenedRows.open)
    let start = try entrance.start(expected, of: intake.entered)
    var leftRun: Forecast.LeftRun?
    switch start {
    case .continuing(let run, let reopened):
      if let history { (source, begun, rows) = (history, run, reopened) }
    case .new(let left):
      if let left, let history {
        leftRun = .init(run: left, openRows: try history.openRows(ofRun: left.record.id))
      }
    }
    let shares = try source.prospect(
      of: rows, ofRun: begun.id, credentials: credentials.names, defaultCredential: credentials.nameOfDefault)
    return Look(
      reading: reading,
      list: try scratch.listFigures(ofRun: run.id, limit: Forecast.shown), wholeListRows: read.rows,
      doubts: read.doubts, warnings: intake.warnings, shares: shares,
      earlierRun: source === history ? .init(record: begun, openRows: shares.map(\.rows).reduce(0, +)) : nil,
      leftRun: leftRun)
  }

  /// Makes one request with each credential, as the run would: under its rate, its concurrency and its time limits.
  private func probe(
    _ shares: [CredentialShare], asking gateway: IntegrationGateway, on executors: [any TaskExecutor]
  ) async throws -> [Forecast.Probe] {
    let ledger = ProbeLedger(shares.map(\.firstProject))
    let settings = CollectingSettings(
      rate: plan.ownRate, burst: plan.ownBurst,
      scope: plan.rateBudget == .all ? .all : .credentials(shares.map(\.name)), concurrency: plan.connections,
      retry: RetryPolicy(maxAttempts: 1), timeLimit: plan.maxDuration)
    let collector = Collector(
      settings, ledger: ledger, clock: ContinuousClock(), progress: ProgressBoard(), executors: executors,
      wallClock: { .now },
      report: EventLog(logger: logger)?.report,
      ask: { project, _, whenSent in
        var reply = await gateway.ask(for: project, whenSent: whenSent)
        // One request, whatever comes of it.
        reply.retry = .never
        return reply
      })
    let end = try await collector.run()
    return ledger.probes(unasked: end.reason?.rowError)
  }

  private func forecast(
    _ look: Look, probes: [Forecast.Probe]?, base: BaseURL, credentials: Credentials
  ) -> Forecast {
    let used = Set(look.shares.map { ExactText($0.name) })
    // What answers in the gateway's place says nothing about its latency.
    let answered = (probes ?? []).filter {
      $0.answer.httpStatus != nil && $0.answer.error?.code != .notTheGateway
    }
    let measured = answered.compactMap(\.latencyMS).sorted()
    let requests = look.shares.map(\.requests)
    return Forecast(
      plan: plan, baseURL: plan.recordedBaseURL(base), reading: look.reading, list: look.list,
      wholeListRows: look.wholeListRows, doubts: look.doubts, listWarnings: look.warnings,
      shares: look.shares, unusedCredentials: credentials.names.filter { !used.contains(ExactText($0)) },
      earlierRun: look.earlierRun, leftRun: look.leftRun,
      hasDatabase: plan.databasePath.flatMap(FileStatus.init(path:)) != nil,
      hasFolder: plan.reports.folder.flatMap(FileStatus.init(path:)) != nil, probes: probes,
      latencyIsMeasured: !measured.isEmpty,
      pace: PaceForecast(
        budgets: plan.rateBudget == .all ? [requests.reduce(0, +)] : requests, rate: plan.ownRate, burst: plan.ownBurst,
        firstStart: plan.ownFirstStart, concurrency: plan.connections,
        latency: measured.isEmpty ? assumedLatency : .milliseconds(max(1, measured[measured.count / 2]))),
      mask: credentials.mask)
  }
}
