package import Collecting
import DelimitedText
package import Gateway
import GatewayTransport
import InventoryModel
import ProjectList
import SandboxGateway
import TextFormats

extension RunPlan {
  /// Which gateway to query, and with which credentials.
  package struct GatewaySettings: Sendable {
    package var source: GatewaySource
    /// Determines which 404 responses count as answers.
    package var notFoundBy: NotFoundCriterion
    package var credentials: CredentialSources
    /// Trust roots in addition to the system's trust store; nil for none.
    package var caFile: String?

    package init(
      source: GatewaySource, notFoundBy: NotFoundCriterion, credentials: CredentialSources, caFile: String?
    ) {
      self.source = source
      self.notFoundBy = notFoundBy
      self.credentials = credentials
      self.caFile = caFile
    }
  }

  /// Rate, concurrency, attempts, and time limits.
  package struct PaceSettings: Sendable {
    /// For the whole list, as given; see ``RunPlan/ownRate``.
    package var rate: Rate
    package var burst: Int
    package var rateBudget: RateBudget
    /// As given; see ``RunPlan/connections``.
    package var concurrency: Int
    package var maxAttempts: Int
    package var timeout: Duration
    package var connectTimeout: Duration
    /// For the whole run; nil for no limit.
    package var maxDuration: Duration?

    package init(
      rate: Rate, burst: Int, rateBudget: RateBudget, concurrency: Int, maxAttempts: Int, timeout: Duration,
      connectTimeout: Duration, maxDuration: Duration?
    ) {
      self.rate = rate
      self.burst = burst
      self.rateBudget = rateBudget
      self.concurrency = concurrency
      self.maxAttempts = maxAttempts
      self.timeout = timeout
      self.connectTimeout = connectTimeout
      self.maxDuration = maxDuration
    }
  }
}

/// Reads and prepares inputs before anything is written. The order is the same as in a run, because only the first
/// failure is reported.
extension RunPlan {
  /// Calls the body with the gateway's address. The sandbox gateway is available until the body returns.
  func withGateway<Value: Sendable>(_ body: @escaping @Sendable (BaseURL) async throws -> Value) async throws
    -> Value
  {
    switch gateway.source {
    case .remote(let base): try await body(base)
    case .sandbox(let rateLimit):
      try await SandboxServer(behavior: SandboxBehavior(rateLimit: rateLimit)).serving {
        try await body(try BaseURL($0))
      }
    }
  }

  /// Reads the credentials, masks their secrets in messages, and verifies that no given text contains a secret.
  ///
  /// - Throws: `CredentialError` and `ExposedKeyError`.
  func loadCredentials(host: any JobHost) throws -> Credentials {
    // Also mask secrets in the environment that this run does not use.
    let loaded = try readCredentials().masking(SecretMask(environment: environment))
    host.mask(loaded.mask)
    for text in given { try loaded.mask.refuse(text.value, in: text.place) }
    for (name, address) in Proxy.addresses(in: environment) { try loaded.mask.refuse(address, in: name) }
    if !usesSandbox { for warning in loaded.warnings { host.warning(warning) } }
    if asksRemoteGateway {
      for name in loaded.namesOfShortSecrets {
        host.warning(
          "the key of \(name.visible) has fewer than 8 characters and may occur in other text by chance; "
            + "use a longer key")
      }
    }
    return loaded
  }

  private func readCredentials() throws -> Credentials {
    guard usesSandbox else { return try gateway.credentials.load() }
    do {
      return try gateway.credentials.load().adding(.rehearsal("sandbox"))
    } catch CredentialError.none {
      return Credentials([.rehearsal("sandbox")])
    }
  }

  private var asksRemoteGateway: Bool {
    if case .remote(let base) = gateway.source { !base.isLoopback } else { false }
  }

  /// - Throws: `CAFileError` and `Proxy.EnvironmentError`.
  func transport(to base: BaseURL) throws -> HTTPTransport {
    try HTTPTransport(
      .init(
        base: base, connectTimeout: pace.connectTimeout, connections: connections, caFile: gateway.caFile,
        proxy: try Proxy.forRequests(to: base, environment: environment)))
  }

  func gateway(at base: BaseURL, credentials: Credentials, transport: any Transport) -> IntegrationGateway {
    IntegrationGateway(
      base: base, credentials: credentials, transport: transport, timeout: pace.timeout,
      connectTimeout: pace.connectTimeout, notFoundBy: gateway.notFoundBy, version: ProgramVersion.current)
  }

  /// Opens the list and reads its beginning.
  ///
  /// - Throws: `ListError`, and `TooManyColumns` if a report can't hold its columns.
  func openList(host: any JobHost) throws -> ProjectListReader {
    let list = try ProjectListReader(ListFile(path: listPath), path: listName, options: listOptions)
    try reports.check(inputColumns: list.inputColumns)
    let firstIDs = list.firstIDs.map { $0.visible.clipped(to: 60) }
    let delimiter = list.delimiterName == "tab" ? "tab" : "\"\(list.delimiterName)\""
    host.debug(
      "\(listName.visible): \(list.encoding.rawValue), delimiter \(delimiter), "
        + "\(list.hasHeader ? "header" : "no header"), ID column \(list.idColumnName.visible), "
        + "first IDs: \(firstIDs.joined(separator: ", "))",
      as: "reading the list",
      [
        ("encoding", .string(list.encoding.rawValue)), ("delimiter", .string(list.delimiterName)),
        ("id_column", .string(list.idColumnName.visible)), ("header", .string(String(list.hasHeader))),
        ("first_ids", .array(firstIDs.map { .string($0) })),
      ])
    return list
  }

  /// The files that are read and must not be overwritten; `-` for standard input.
  func inputs(credentials: Credentials) -> [String] {
    [listPath, gateway.caFile].compactMap { $0 } + credentials.files
  }
}
