import Collecting
import DelimitedText
import Files
import Gateway
import GatewayTransport
import InventoryModel
import Ledger
import ProjectList
import Reporting
import TextFormats

/// Determines what a run would do, using the run's own code. Creates nothing, and sends no requests except probes.
package struct PlanJob: Sendable {
  package let plan: RunPlan
  /// Latency of a request, used if none was measured.
  package let assumedLatency: Duration
  /// Whether to send one request with each credential.
  package let probes: Bool
  package let host: any JobHost

  package init(
    plan: RunPlan, assumedLatency: Duration, probes: Bool, host: any JobHost
  ) {
    self.plan = plan
    self.assumedLatency = assumedLatency
    self.probes = probes
    self.host = host
  }

  /// - Throws: the errors that would end a run before its first request; see ``JobFailure/init(_:)``.
  package func run() async throws -> Forecast {
    try await plan.withGateway { base in
      let credentials = try plan.loadCredentials(host: host)
      let transport = try plan.transport(to: base)
      do {
        let look = try look(base: base, credentials: credentials)
        let gateway = plan.gateway(at: base, credentials: credentials, transport: transport)
        let probes = probes ? try await probe(look.shares, asking: gateway, over: transport) : nil
        await transport.shutdown()
        return forecast(look, probes: probes, base: base, credentials: credentials)
      } catch {
        await transport.shutdown()
        throw error
      }
    }
  }

  /// What is known without sending a request.
  private struct Look: Sendable {
    var reading: Forecast.Reading
    var list: ListStatistics
    var wholeListRows: Int
    var doubts: [ProjectIDCheck.Doubt: Sample<Int>]
    /// Warnings about the list.
    var warnings: [String]
    var shares: [CredentialShare]
    var earlierRun: Forecast.EarlierRun?
    var leftRun: Forecast.LeftRun?
  }

  private func look(base: BaseURL, credentials: Credentials) throws -> Look {
    let list = try plan.openList(host: host)
    let reading = Forecast.Reading(
      encoding: list.encoding.rawValue, delimiter: list.delimiterName, hasHeader: list.hasHeader,
      idColumn: list.idColumnName, firstIDs: list.firstIDs, restoresCells: list.restoresCells)
    try OutputReservation.check(
      reports: plan.reports, databasePath: plan.databasePath, inputs: plan.inputs(credentials: credentials))
    let history = try plan.databasePath.flatMap { path throws(LedgerError) in
      try LedgerDatabase.looking(into: path, lockWait: LockWait(host: host))
    }
    defer { try? history?.close() }
    let opener = RunOpener(plan: plan, base: base, credentials: credentials, host: host)
    let expected = try opener.start(in: history)
    let scratch = try LedgerDatabase.temporary()
    defer { try? scratch.close() }
    let validator = RowValidator(credentials: credentials, list: list, keepsCells: false)
    let importer = ListImporter(list, validator: validator)
    let run = try opener.begin(importer, in: scratch)
    let read = importer.validator
    var (source, begun, rows) = (scratch, run, ReopenedRows.open)
    let start = try opener.start(expected, of: importer.entered)
    var leftRun: Forecast.LeftRun?
    switch start {
    case .continuing(let run, let reopened):
      if let history { (source, begun, rows) = (history, run, reopened) }
    case .new(let left):
      if let left, let history {
        leftRun = .init(run: left, openRows: try history.openRows(ofRun: left.record.id))
      }
    }
    let shares = try source.pendingWork(
      of: rows, ofRun: begun.id, credentials: credentials.names, defaultCredential: credentials.nameOfDefault)
    return Look(
      reading: reading,
      list: try scratch.listStatistics(ofRun: run.id, limit: Forecast.shown), wholeListRows: read.rows,
      doubts: read.doubts, warnings: importer.warnings, shares: shares,
      earlierRun: source === history ? .init(record: begun, openRows: shares.map(\.rows).reduce(0, +)) : nil,
      leftRun: leftRun)
  }

  /// Sends one request with each credential, with the run's rate, concurrency, and time limits.
  private func probe(
    _ shares: [CredentialShare], asking gateway: IntegrationGateway, over transport: HTTPTransport
  ) async throws -> [Forecast.Probe] {
    let ledger = ProbeLedger(shares.map(\.firstProject))
    let settings = CollectingSettings(
      rate: plan.ownRate, burst: plan.ownBurst,
      scope: plan.pace.rateBudget == .all ? .all : .credentials(shares.map(\.name)), concurrency: plan.connections,
      retry: RetryPolicy(maxAttempts: 1), timeLimit: plan.pace.maxDuration)
    let collector = Collector(
      settings, ledger: ledger, clock: transport.clock, progress: ProgressBoard(), executors: transport.executors,
      wallClock: { .now },
      report: EventLog(host: host)?.report,
      ask: { project, _, whenSent in
        var reply = await gateway.ask(for: project, whenSent: whenSent)
        // Send only one request, whatever its result.
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
    // Responses from anything other than the gateway do not measure the gateway's latency.
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
        budgets: plan.pace.rateBudget == .all ? [requests.reduce(0, +)] : requests, rate: plan.ownRate,
        burst: plan.ownBurst,
        firstStart: plan.ownFirstStart, concurrency: plan.connections,
        latency: measured.isEmpty ? assumedLatency : .milliseconds(max(1, measured[measured.count / 2]))),
      mask: credentials.mask)
  }
}
