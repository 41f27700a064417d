import Collecting
import DelimitedText
import Files
import Gateway
import InventoryModel
import Ledger
import Logging
import ProjectList
import Reporting
import SandboxGateway

/// One run from list to reports.
struct InventoryJob: Sendable {
  let plan: RunPlan
  let logger: Logger
  let console: Console
  let progress: ProgressDisplay.Style

  /// What is known once the list is in the ledger.
  private struct Begun: Sendable {
    let ledger: Ledger
    let record: RunRecord
    let credentials: Credentials
  }

  /// - Returns: how the run went, when its reports are in place.
  /// - Throws: ``JobFailure`` and the errors of the stages, see ``JobFailure/init(_:)``.
  func run() async throws -> RunSummary {
    switch plan.gateway {
    case .remote(let base):
      return try await run(against: base)
    case .sandbox:
      return try await SandboxServer().serving { try await run(against: try BaseURL($0)) }
    }
  }

  private func run(against base: BaseURL) async throws -> RunSummary {
    let credentials = try loadCredentials()
    let transport = try AsyncHTTPTransport(
      .init(
        connectTimeout: plan.connectTimeout, connections: plan.concurrency, caFile: plan.caFile,
        proxy: try Proxy.forRequests(to: base, environment: plan.environment)))
    do {
      let begun = try begin(base: base, credentials: credentials)
      let gateway = IntegrationGateway(
        base: base, credentials: credentials, transport: transport, timeout: plan.timeout,
        connectTimeout: plan.connectTimeout, version: Version.current)
      let retries = try await collect(begun, asking: gateway)
      await transport.shutdown()
      return try finish(begun, retries: retries)
    } catch {
      await transport.shutdown()
      throw error
    }
  }

  private func loadCredentials() throws -> Credentials {
    guard plan.usesSandbox else {
      let credentials = try plan.credentials.load()
      for warning in credentials.warnings { logger.warning("\(warning)") }
      return credentials
    }
    do {
      return try plan.credentials.load().adding(.sandbox)
    } catch CredentialError.none {
      return Credentials([.sandbox])
    }
  }

  /// Reads the list into the ledger. Whatever is wrong with it ends the run here, and leaves nothing behind.
  private func begin(base: BaseURL, credentials: Credentials) throws -> Begun {
    var list = try ProjectList(ListFile(path: plan.listPath), path: listName, options: plan.listOptions)
    logger.debug(
      "reading the list",
      metadata: [
        "encoding": "\(list.encoding.rawValue)",
        "delimiter": "\(Character(Unicode.Scalar(list.delimiter)).debugDescription)",
        "id_column": "\(list.idColumnName.visible)", "header": "\(list.hasHeader)",
      ])
    let places = try OutputPlaces(plan, credentialFiles: credentials.files)
    do {
      let ledger = try Ledger(path: plan.databasePath)
      do {
        var admitter = RowAdmitter(credentials: credentials)
        let record = try ledger.beginRun(draft(base: base, inputColumns: list.inputColumns)) {
          guard let row = try list.next() else { return nil }
          return (row, admitter.admission(of: row))
        }
        for warning in admitter.warnings(list: listName) { logger.warning("\(warning.visible)") }
        return Begun(ledger: ledger, record: record, credentials: credentials)
      } catch {
        try? ledger.close()
        throw error
      }
    } catch {
      places.discard()
      throw error
    }
  }

  private var listName: String { plan.listPath == "-" ? "standard input" : plan.listPath }

  private func draft(base: BaseURL, inputColumns: [String]) -> RunRecord {
    RunRecord(
      startedAt: .now, listPath: plan.listPath, inputColumns: inputColumns, baseURL: base.description,
      rate: plan.rate.description, concurrency: plan.concurrency, version: Version.current)
  }

  /// - Returns: requests for projects that had been asked for before.
  private func collect(_ begun: Begun, asking gateway: IntegrationGateway) async throws -> Int {
    let run = begun.record.id
    let board = ProgressBoard(outcomes: try begun.ledger.outcomeCounts(ofRun: run))
    let settings = CollectingSettings(
      rate: plan.rate, burst: plan.burst, concurrency: plan.concurrency,
      retry: RetryPolicy(maxAttempts: plan.maxAttempts))
    let collector = Collector(
      settings, ledger: RunLedger(ledger: begun.ledger, run: run), clock: ContinuousClock(), progress: board,
      wallClock: { .now }, report: EventLog(logger: logger)?.report, ask: { await gateway.ask(for: $0) })
    let display = ProgressDisplay(
      style: progress, total: begun.record.listRows, board: board, console: console, logger: logger)
    try await display.showing { try await collector.run() }
    try begun.ledger.markCollected(run: run, at: .now)
    return board.current.retries
  }

  private func finish(_ begun: Begun, retries: Int) throws -> RunSummary {
    let ledger = begun.ledger
    let run = begun.record.id
    guard var record = try ledger.run(run) else { throw LedgerError.damaged(path: ledger.path) }
    let outcomes = try ledger.outcomeCounts(ofRun: run)
    // Every row of the list comes out again, or nothing is called finished.
    guard outcomes.total == record.listRows else { throw LedgerError.damaged(path: ledger.path) }
    // The reports tell of a finished run; the ledger calls it so when they are all in place.
    record.state = .finished
    try plan.reports.write(ReportedRun(record: record, outcomes: outcomes)) { body in
      try ledger.forEachResult(ofRun: run, body)
    }
    try ledger.setState(.finished, ofRun: run)
    let summary = RunSummary(
      record: record, outcomes: outcomes, retries: retries,
      problems: try ledger.problems(ofRun: run, limit: RunSummary.problemsShown),
      everyCredentialWasRefused: try ledger.everyCredentialWasRefused(inRun: run),
      files: plan.reports.files + [plan.databasePath])
    try ledger.close()
    return summary
  }
}

extension Credential {
  /// What the built-in gateway is asked with when a run has no key for all.
  fileprivate static let sandbox = Credential.apiKey("sandbox", name: Credential.defaultName)
}
