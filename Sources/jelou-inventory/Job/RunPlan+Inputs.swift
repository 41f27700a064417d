import DelimitedText
import Gateway
import InventoryModel
import Logging
import ProjectList
import SandboxGateway

/// What is read and made ready before anything is written; in a run's order, since the first that fails is told.
extension RunPlan {
  /// Calls the body with the gateway's address, for as long as the gateway is there.
  func withGateway<Value: Sendable>(_ body: @escaping @Sendable (BaseURL) async throws -> Value) async throws -> Value {
    switch gateway {
    case .remote(let base): try await body(base)
    case .sandbox(let rateLimit):
      try await SandboxServer(behaviour: SandboxBehaviour(rateLimit: rateLimit)).serving {
        try await body(try BaseURL($0))
      }
    }
  }

  /// Reads the credentials, keeps their secrets from the console, and makes sure that nothing given contains one.
  ///
  /// - Throws: `CredentialError` and `KeyFound`.
  func loadCredentials(console: Console, logger: Logger) throws -> Credentials {
    // Also those in the environment that this run does not use.
    let loaded = try readCredentials().masking(SecretMask(environment: environment))
    console.mask(loaded.mask)
    for text in given { try loaded.mask.refuse(text.value, in: text.place) }
    for (name, address) in Proxy.addresses(in: environment) { try loaded.mask.refuse(address, in: name) }
    if !usesSandbox { for warning in loaded.warnings { logger.warning("\(warning)") } }
    if asksRemoteGateway {
      for name in loaded.namesOfShortSecrets {
        logger.warning("the key of \(name.visible) has fewer than 8 characters, too few to find it in other texts")
      }
    }
    return loaded
  }

  private func readCredentials() throws -> Credentials {
    guard usesSandbox else { return try credentials.load() }
    do {
      return try credentials.load().adding(.rehearsal("sandbox"))
    } catch CredentialError.none {
      return Credentials([.rehearsal("sandbox")])
    }
  }

  private var asksRemoteGateway: Bool {
    if case .remote(let base) = gateway { !base.isLoopback } else { false }
  }

  /// - Throws: `CAFileError` and `Proxy.EnvironmentError`.
  func transport(to base: BaseURL) throws -> HTTPTransport {
    try HTTPTransport(
      .init(
        base: base, connectTimeout: connectTimeout, connections: connections, caFile: caFile,
        proxy: try Proxy.forRequests(to: base, environment: environment)))
  }

  func gateway(at base: BaseURL, credentials: Credentials, transport: any Transport) -> IntegrationGateway {
    IntegrationGateway(
      base: base, credentials: credentials, transport: transport, timeout: timeout, connectTimeout: connectTimeout,
      notFoundBy: notFoundBy, version: Version.current)
  }

  /// Opens the list and reads its beginning.
  ///
  /// - Throws: `ListError`, and `TooManyColumns` where a report can't hold its columns.
  func openList(logger: Logger) throws -> ProjectList {
    let list = try ProjectList(ListFile(path: listPath), path: listName, options: listOptions)
    try reports.check(inputColumns: list.inputColumns)
    logger.debug(
      "reading the list",
      metadata: [
        "encoding": "\(list.encoding.rawValue)",
        "delimiter": "\(list.delimiterName)", "id_column": "\(list.idColumnName.visible)",
        "header": "\(list.hasHeader)", "first_ids": .array(list.firstIDs.map { "\($0.visible.clipped(to: 60))" }),
      ])
    return list
  }

  /// The files that are read, none of which may be overwritten; `-` for standard input.
  func inputs(credentials: Credentials) -> [String] { [listPath, caFile].compactMap { $0 } + credentials.files }
}
