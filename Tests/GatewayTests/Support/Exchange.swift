import Gateway
import InventoryModel
import Testing

@testable import GatewayTransport

/// A key that must never come out, with characters that URLs and JSON writers escape.
enum Canary {
  static let key = "sk-CANARY/7f3a9c+2b=="
  static let credential = Credential.apiKey(key, name: Credential.defaultName)
}

/// What a gateway sends over the wire.
enum Wire {
  static let webhook = "https://hooks.acme.example/jelou"
  static let configuration = #"{"webhookUrl":"\#(webhook)"}"#

  static func response(_ status: String = "200 OK", headers: [String] = [], body: String = configuration) -> String {
    (["HTTP/1.1 \(status)", "Content-Type: application/json", "Content-Length: \(body.utf8.count)"] + headers)
      .joined(separator: "\r\n") + "\r\n\r\n" + body
  }
}

/// Asks over real sockets, as the collector's workers do, with the canary for a key.
func withGateway<Value>(
  at base: String, timeout: Duration = .milliseconds(500), connectTimeout: Duration = .seconds(5),
  connections: Int = 8, caFile: String? = nil, proxy: Proxy? = nil, credential: Credential = Canary.credential,
  _ operation: (IntegrationGateway) async throws -> Value
) async throws -> Value {
  let base = try BaseURL(base)
  let transport = try HTTPTransport(
    .init(
      base: base, connectTimeout: connectTimeout, connections: connections, threads: 1, caFile: caFile, proxy: proxy))
  let gateway = IntegrationGateway(
    base: base, credentials: Credentials([credential]), transport: transport, timeout: timeout,
    connectTimeout: connectTimeout, version: "test")
  do {
    let value = try await withTaskExecutorPreference(transport.executors[0]) { try await operation(gateway) }
    await transport.shutdown()
    return value
  } catch {
    await transport.shutdown()
    throw error
  }
}

extension IntegrationGateway {
  func ask(
    _ projectID: String = "project-1", onFreshConnection: Bool = false, whenSent: (@Sendable () -> Void)? = nil
  ) async -> Reply {
    await ask(
      for: PendingProject(line: 2, projectID: projectID, credential: Credential.defaultName),
      onFreshConnection: onFreshConnection, whenSent: whenSent)
  }

  /// Asks as the collector does: a repetition on a fresh connection is no attempt of its own.
  func askPatiently(_ projectID: String = "project-1") async -> Reply {
    let reply = await ask(projectID)
    return reply.retry == .onFreshConnection ? await ask(projectID, onFreshConnection: true) : reply
  }
}

/// Checks the code, and what every message must be: a sentence with neither secret nor a library's own words.
func expectFailure(
  _ reply: Reply, _ code: ErrorCode, retry: Reply.Retry? = nil, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let error = try #require(reply.answer.error, sourceLocation: sourceLocation)
  #expect(error.code == code, "\(error.message)", sourceLocation: sourceLocation)
  if let retry { #expect(reply.retry == retry, "\(error.message)", sourceLocation: sourceLocation) }
  #expect(error.message.hasSuffix("."), "\(error.message)", sourceLocation: sourceLocation)
  for word in ["NIO", "HTTPClient", "HTTPParser", "ChannelError", "IOError", "errno", "SSL", "Optional(", "CANARY"] {
    #expect(!error.message.contains(word), "\(error.message)", sourceLocation: sourceLocation)
  }
}
