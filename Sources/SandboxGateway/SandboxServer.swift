import Files
import FoundationEssentials
import InventoryModel
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import TextFormats

/// A local gateway that implements the documented API, for rehearsals and tests.
///
/// It accepts any non-empty key or Basic credential, except those whose secret contains `revoked`. An unknown path is
/// answered with the 404 of a router, not with the gateway's own 404.
package struct SandboxServer: Sendable {
  private static let prefix = "/jelouapi/v1/external-support/"

  package static let threads = OpenFileLimit.current.eventLoops(atMost: min(4, System.coreCount))
  /// The event loops run until the process exits.
  private static let eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: threads)

  private let behavior: SandboxBehavior
  private let port: Int
  private let connections: Int?
  private let log: SandboxLog?
  private let requests = RequestCounter()
  private let bucket: SandboxRateLimit.Bucket?

  /// - Parameters:
  ///   - port: The port on 127.0.0.1; 0 for any free port.
  ///   - connections: The maximum number of open connections. Further connections wait until one is closed. nil for no
  ///     limit.
  ///   - log: Records every request; nil for no log.
  package init(
    behavior: SandboxBehavior = SandboxBehavior(), port: Int = 0, connections: Int? = nil, log: SandboxLog? = nil
  ) {
    self.behavior = behavior
    self.port = port
    self.connections = connections
    self.log = log
    bucket = behavior.rateLimit.map(SandboxRateLimit.Bucket.init)
  }

  /// Runs the server until the operation returns.
  ///
  /// - Parameter operation: Receives the base URL. The server stops when the operation returns.
  /// - Throws: ``SandboxUnavailable``, and any error that the operation throws.
  package func serving<Value: Sendable>(
    _ operation: @Sendable (_ baseURL: String) async throws -> Value
  ) async throws -> Value {
    let listener = try await listen()
    let result: Result<Value, any Error>
    do {
      result = .success(try await operation("http://127.0.0.1:\(listener.localAddress?.port ?? port)/jelouapi/v1"))
    } catch {
      result = .failure(error)
    }
    try? await listener.eventLoop.submit {
      let open = try listener.pipeline.syncOperations.handler(type: OpenConnections.self)
      listener.close(promise: nil)
      return open.close(on: listener.eventLoop)
    }.flatMap { $0 }.get()
    return try result.get()
  }

  private func listen() async throws(SandboxUnavailable) -> any Channel {
    do {
      return try await ServerBootstrap(group: Self.eventLoops)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        // Accepts one connection at a time, so that the number of connections never exceeds the limit.
        .serverChannelOption(.maxMessagesPerRead, value: 1)
        .serverChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(OpenConnections(limit: connections ?? .max))
          }
        }
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.configureHTTPServerPipeline()
            try channel.pipeline.syncOperations.addHandler(RequestHandler(server: self))
          }
        }
        .bind(host: "127.0.0.1", port: port).get()
    } catch {
      throw SandboxUnavailable(port: port, error)
    }
  }

  fileprivate struct Response {
    var status: Int
    var headers: [String: String] = [:]
    var body: String
  }

  /// Returns the project ID in a path; nil if the path does not identify a project.
  fileprivate static func projectID(in path: String) -> String? {
    guard path.hasPrefix(prefix) else { return nil }
    let segment = path.dropFirst(prefix.count)
    return segment.isEmpty || segment.contains("/") ? nil : PercentEncoding.decode(segment)
  }

  fileprivate func latency(for projectID: String) -> Duration { behavior.latency(for: projectID) }

  fileprivate func respond(to request: HTTPRequestHead, path: String, projectID: String?) -> Response {
    let apiKey = request.headers.first(name: "x-api-key")
    let authorization = request.headers.first(name: "authorization")
    let standing = bucket?.take()
    var response =
      if standing?.isRefused == true {
        Response(status: 429, body: SandboxIntegration.failure("Too many requests"))
      } else if request.method != .GET || projectID == nil {
        Response(status: 404, body: SandboxIntegration.unknownRoute(request.method.rawValue, path))
      } else if let projectID, Self.accepts(apiKey: apiKey, authorization: authorization) {
        answer(to: projectID)
      } else {
        Response(status: 401, body: SandboxIntegration.failure("Invalid credentials"))
      }
    log?.add(
      SandboxLog.Entry(
        path: path, projectID: projectID, apiKey: apiKey, authorization: authorization, status: response.status,
        time: .now))
    response.headers.merge(standing?.headers ?? [:]) { own, _ in own }
    return response
  }

  private func answer(to projectID: String) -> Response {
    let integration = SandboxIntegration(projectID: projectID, behavior: behavior)
    switch behavior.reply(to: projectID, request: requests.count(projectID)) {
    case .enveloped: return Response(status: 200, body: integration.enveloped)
    case .flat: return Response(status: 200, body: integration.flat)
    case .envelopeFailed:
      return Response(status: 200, body: SandboxIntegration.failure("The integration could not be read"))
    case .htmlPage:
      return Response(status: 200, body: "<!doctype html><title>Maintenance</title><h1>We will be back soon</h1>")
    case .notFound: return Response(status: 404, body: SandboxIntegration.failure("Integration not found"))
    case .forbidden:
      return Response(status: 403, body: SandboxIntegration.failure("This key has no access to the project"))
    case .redirect: return Response(status: 302, headers: ["location": "https://login.example.com/"], body: "")
    case .internalError: return Response(status: 500, body: SandboxIntegration.failure("Internal server error"))
    case .tooManyRequests(let retryAfter):
      let headers = retryAfter.map { ["retry-after": String($0)] } ?? [:]
      return Response(status: 429, headers: headers, body: SandboxIntegration.failure("Too many requests"))
    case .custom(let status, let headers, let body): return Response(status: status, headers: headers, body: body)
    }
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

/// Answers the requests of one connection, which arrive one after the other.
private final class RequestHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let server: SandboxServer
  private var request: HTTPRequestHead?

  init(server: SandboxServer) {
    self.server = server
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): request = head
    case .body: break
    case .end:
      guard let request else { return }
      let path = String(request.uri.prefix { $0 != "?" })
      let projectID = SandboxServer.projectID(in: path)
      let latency = projectID.map(server.latency) ?? .zero
      guard latency > .zero else { return answer(request, path: path, projectID: projectID, context: context) }
      context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(latency)) {
        self.answer(request, path: path, projectID: projectID, context: context)
      }
    }
  }

  private func answer(_ request: HTTPRequestHead, path: String, projectID: String?, context: ChannelHandlerContext) {
    let response = server.respond(to: request, path: path, projectID: projectID)
    var headers: HTTPHeaders = [
      "content-type": response.body.hasPrefix("<") ? "text/html" : "application/json",
      "content-length": "\(response.body.utf8.count)", "server": "jelou-sandbox",
    ]
    for (name, value) in response.headers { headers.replaceOrAdd(name: name, value: value) }
    let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: response.status), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if request.method != .HEAD, !response.body.isEmpty {
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: response.body)))), promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    if !request.isKeepAlive { context.close(promise: nil) }
  }
}

/// The open connections of a listening socket. At the limit, it accepts no further connection from the system's queue.
private final class OpenConnections: ChannelDuplexHandler {
  typealias InboundIn = any Channel
  typealias OutboundIn = Never

  /// Time that requests in flight have to complete when the server stops.
  private static let longestShutdown = TimeAmount.seconds(3)

  private let limit: Int
  private var channels: [ObjectIdentifier: any Channel] = [:]
  private var isReadHeldBack = false

  init(limit: Int) {
    self.limit = limit
  }

  func read(context: ChannelHandlerContext) {
    isReadHeldBack = channels.count >= limit
    if !isReadHeldBack { context.read() }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let channel = unwrapInboundIn(data)
    let id = ObjectIdentifier(channel)
    channels[id] = channel
    channel.closeFuture.hop(to: context.eventLoop).assumeIsolated().whenComplete { _ in
      self.channels[id] = nil
      if self.isReadHeldBack { self.read(context: context) }
    }
    context.fireChannelRead(data)
  }

  /// Closes idle connections at once, and the others after their request is answered.
  ///
  /// - Returns: A future that completes when all connections are closed.
  func close(on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
    let open = Array(channels.values)
    for channel in open { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
    let timeout = eventLoop.scheduleTask(in: Self.longestShutdown) {
      for channel in open { channel.close(promise: nil) }
    }
    let closed = EventLoopFuture.andAllComplete(open.map(\.closeFuture), on: eventLoop)
    closed.whenComplete { _ in timeout.cancel() }
    return closed
  }
}

/// Counts the requests for each project.
private final class RequestCounter: Sendable {
  private let counts = Mutex<[ExactText: Int]>([:])

  /// Counts a request and returns the number of earlier ones.
  func count(_ projectID: String) -> Int {
    counts.withLock { counts in
      let projectID = ExactText(projectID)
      defer { counts[projectID, default: 0] += 1 }
      return counts[projectID, default: 0]
    }
  }
}
