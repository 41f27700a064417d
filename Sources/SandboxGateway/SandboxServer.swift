import Files
import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdCore
import InventoryModel
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// A gateway on this machine that speaks the documented API, for rehearsals and tests.
///
/// It takes any key or Basic credential but an empty one, and refuses those whose secret contains `revoked`. A path
/// that it does not have gets the 404 of a router, not the gateway's own.
package struct SandboxServer: Sendable {
  private static let prefix = "/jelouapi/v1/external-support/"

  package static let threads = OpenFileLimit.current.eventLoops(atMost: min(4, System.coreCount))
  /// They live as long as the process.
  private static let eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: threads)

  private let behaviour: SandboxBehaviour
  private let port: Int
  private let connections: Int?
  private let log: SandboxLog?
  private let requests = RequestCounter()
  private let bucket: SandboxRateLimit.Bucket?

  /// - Parameters:
  ///   - port: on 127.0.0.1; 0 for one that is free.
  ///   - connections: that may be open at a time; others wait until one is closed. nil for no limit.
  ///   - log: takes note of every request; nil for none.
  package init(
    behaviour: SandboxBehaviour = SandboxBehaviour(), port: Int = 0, connections: Int? = nil, log: SandboxLog? = nil
  ) {
    self.behaviour = behaviour
    self.port = port
    self.connections = connections
    self.log = log
    bucket = behaviour.rateLimit.map(SandboxRateLimit.Bucket.init)
  }

  /// Serves while the operation runs.
  ///
  /// - Parameter operation: gets the base URL, and ends the server by returning.
  /// - Throws: ``SandboxUnavailable``, and what the operation throws.
  package func serving<Value: Sendable>(
    _ operation: @escaping @Sendable (_ baseURL: String) async throws -> Value
  ) async throws -> Value {
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    let service = ServiceGroup(
      services: [application { continuation.yield($0) }],
      logger: Logger(label: "sandbox") { _ in SwiftLogNoOpLogHandler() })
    return try await withThrowingTaskGroup(of: Result<Value, any Error>?.self) { group in
      group.addTask {
        defer { continuation.finish() }
        do { try await service.run() } catch { throw SandboxUnavailable(port: port, error) }
        return nil
      }
      group.addTask {
        for await port in ports {
          do {
            return .success(try await operation(Self.baseURL(port: port)))
          } catch {
            return .failure(error)
          }
        }
        return nil
      }
      while let end = try await group.next() {
        guard let end else { continue }
        // Cancelled, the server would drop connections that it is just taking in, which its library takes for an error.
        await service.triggerGracefulShutdown()
        group.addTask {
          try? await Task.sleep(for: Self.longestShutdown)
          return nil
        }
        _ = try? await group.next()
        group.cancelAll()
        return try end.get()
      }
      throw CancellationError()
    }
  }

  /// What requests under way get when the server ends.
  private static let longestShutdown = Duration.seconds(3)

  private static func baseURL(port: Int) -> String { "http://127.0.0.1:\(port)/jelouapi/v1" }

  private func application(whenReady: @escaping @Sendable (Int) -> Void) -> some ApplicationProtocol {
    Application(
      responder: CallbackResponder { (request: Request, _: BasicRequestContext) in try await respond(to: request) },
      configuration: .init(
        address: .hostname("127.0.0.1", port: port), serverName: "jelou-sandbox",
        availableConnectionsDelegate: connections.map { MaximumAvailableConnections($0) }),
      onServerRunning: { channel in whenReady(channel.localAddress?.port ?? 0) },
      eventLoopGroupProvider: .shared(Self.eventLoops),
      logger: Logger(label: "sandbox") { _ in SwiftLogNoOpLogHandler() })
  }

  private func respond(to request: Request) async throws -> Response {
    let path = request.uri.path
    let projectID = path.hasPrefix(Self.prefix) ? Self.projectID(in: path.dropFirst(Self.prefix.count)) : nil
    let apiKey = request.headers[.init("x-api-key") ?? .accept]
    let authorization = request.headers[.authorization]
    if let projectID, behaviour.latency > .zero { try await Task.sleep(for: behaviour.latency(for: projectID)) }
    let standing = bucket?.take()
    let response: (status: Int, headers: [String: String], body: String) =
      if standing?.isRefused == true {
        (429, [:], SandboxIntegration.failure("Too many requests"))
      } else if request.method != .get || projectID == nil {
        (404, [:], SandboxIntegration.unknownRoute(request.method.rawValue, path))
      } else if let projectID, Self.accepts(apiKey: apiKey, authorization: authorization) {
        answer(to: projectID)
      } else {
        (401, [:], SandboxIntegration.failure("Invalid credentials"))
      }
    log?.add(
      SandboxLog.Entry(
        path: path, projectID: projectID, apiKey: apiKey, authorization: authorization, status: response.status,
        time: .now))
    var headers = HTTPFields()
    headers[.contentType] = response.body.hasPrefix("<") ? "text/html" : "application/json"
    for (name, value) in response.headers.merging(standing?.headers ?? [:], uniquingKeysWith: { own, _ in own }) {
      if let name = HTTPField.Name(name) { headers[name] = value }
    }
    return Response(
      status: .init(code: response.status), headers: headers, body: .init(byteBuffer: ByteBuffer(string: response.body))
    )
  }

  private func answer(to projectID: String) -> (status: Int, headers: [String: String], body: String) {
    let integration = SandboxIntegration(projectID: projectID, behaviour: behaviour)
    switch behaviour.reply(to: projectID, request: requests.count(projectID)) {
    case .enveloped: return (200, [:], integration.enveloped)
    case .flat: return (200, [:], integration.flat)
    case .envelopeFailed: return (200, [:], SandboxIntegration.failure("The integration could not be read"))
    case .htmlPage: return (200, [:], "<!doctype html><title>Maintenance</title><h1>We will be back soon</h1>")
    case .notFound: return (404, [:], SandboxIntegration.failure("Integration not found"))
    case .forbidden: return (403, [:], SandboxIntegration.failure("This key may not see the project"))
    case .redirect: return (302, ["location": "https://login.example.com/"], "")
    case .internalError: return (500, [:], SandboxIntegration.failure("Internal server error"))
    case .tooManyRequests(let retryAfter):
      let headers = retryAfter.map { ["retry-after": String($0)] } ?? [:]
      return (429, headers, SandboxIntegration.failure("Too many requests"))
    case .custom(let status, let headers, let body): return (status, headers, body)
    }
  }

  /// The project that a path's last segment names.
  private static func projectID(in segment: Substring) -> String? {
    segment.isEmpty || segment.contains("/") ? nil : PercentEncoding.decode(segment)
  }

  private static func accepts(apiKey: String?, authorization: String?) -> Bool {
    if let apiKey, !apiKey.isEmpty { return !apiKey.contains("revoked") }
    guard let authorization, authorization.hasPrefix("Basic "),
      let bytes = Data(base64Encoded: String(authorization.dropFirst("Basic ".count)))
    else { return false }
    let pair = String(decoding: bytes, as: UTF8.self)
    return pair.contains(":") && !pair.contains("revoked")
  }
}

/// How often each project has been asked for.
private final class RequestCounter: Sendable {
  private let counts = Mutex<[ExactText: Int]>([:])

  /// Counts a request and returns how many came before it.
  func count(_ projectID: String) -> Int {
    counts.withLock { counts in
      let projectID = ExactText(projectID)
      defer { counts[projectID, default: 0] += 1 }
      return counts[projectID, default: 0]
    }
  }
}
