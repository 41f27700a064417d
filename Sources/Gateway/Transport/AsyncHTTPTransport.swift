import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// ``Transport`` over AsyncHTTPClient: pooled connections, HTTP/2 where the server offers it, verified TLS.
package final class AsyncHTTPTransport: Transport {
  package struct Settings: Sendable {
    package var connectTimeout: Duration
    /// Connections that may be open at a time.
    package var connections: Int
    /// A PEM file with trust roots beside the system's.
    package var caFile: String?
    package var proxy: Proxy?

    package init(connectTimeout: Duration, connections: Int, caFile: String? = nil, proxy: Proxy? = nil) {
      self.connectTimeout = connectTimeout
      self.connections = connections
      self.caFile = caFile
      self.proxy = proxy
    }
  }

  /// One thread carries as many requests as two on the machines this runs on, with fewer hops. It lives as long as the
  /// process: a name that is still being looked up would come back to a thread that is gone.
  private static let eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: 1)

  private let client: HTTPClient
  /// For requests that must not meet a connection which the server is closing: its connections carry one request each.
  private let freshClient: HTTPClient
  private let tls: TLSConfiguration
  private let proxy: Proxy?
  /// What was found out about refused certificates, by host and port: a server that is not trusted is looked at once.
  private let inspectedFaults = Mutex<[String: TransportFailure.TLSFault]>([:])

  /// - Throws: ``CAFileError`` when the file with further trust roots can't be used.
  package init(_ settings: Settings) throws {
    var tls = TLSConfiguration.makeClientConfiguration()
    if let caFile = settings.caFile { tls.additionalTrustRoots = [.certificates(try CAFile.certificates(in: caFile))] }
    var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
    // Followed, a redirect would carry x-api-key to another host.
    configuration.redirectConfiguration = .disallow
    configuration.decompression = .disabled
    configuration.httpVersion = .automatic
    configuration.timeout = .init(connect: .init(settings.connectTimeout))
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = settings.connections
    // A failed connection is a failed attempt: whether to try again is decided in one place, under the rate.
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.proxy = settings.proxy.map { proxy in
      .server(
        host: proxy.host, port: proxy.port,
        authorization: proxy.credentials.map { .basic(username: $0.user, password: $0.password) })
    }
    self.tls = tls
    proxy = settings.proxy
    client = HTTPClient(eventLoopGroupProvider: .shared(Self.eventLoops), configuration: configuration)
    // In HTTP/2 requests share a connection, whose end would meet all of them again.
    configuration.httpVersion = .http1Only
    freshClient = HTTPClient(eventLoopGroupProvider: .shared(Self.eventLoops), configuration: configuration)
  }

  package func send(_ request: TransportRequest) async -> Result<TransportResponse, TransportFailure> {
    let message: HTTPClient.Request
    do {
      var headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
      if request.needsFreshConnection { headers.add(name: "connection", value: "close") }
      message = try HTTPClient.Request(url: request.url, method: .GET, headers: headers)
    } catch {
      return .failure(.protocolViolation("The address can't be asked for."))
    }
    let collector = ResponseCollector(bodyLimit: request.bodyLimit)
    let end = NIODeadline.now() + .init(request.timeout)
    let exchange = (request.needsFreshConnection ? freshClient : client).execute(request: message, delegate: collector)
    // The library's own deadline ends when the head is there; this one ends the attempt.
    let deadline = exchange.eventLoop.scheduleTask(deadline: end) {
      exchange.fail(reason: AttemptTimedOut())
    }
    defer { deadline.cancel() }
    do {
      return .success(
        try await withTaskCancellationHandler {
          try await exchange.get()
        } onCancel: {
          exchange.cancel()
        })
    } catch is BodyOverLimit {
      return collector.overLimitResponse.map(Result.success) ?? .failure(.protocolViolation("The body is too large."))
    } catch {
      var failure = TransportFailure(error, progress: collector.progress)
      // The library gives requests up by itself when an HTTP/2 connection ends (RFC 9113 §6.8).
      if failure == .cancelled, !Task.isCancelled {
        failure = .connectionClosed(beforeResponse: collector.progress != .receivingBody)
      }
      guard let proxy else { return .failure(await inspected(failure, of: message, until: end)) }
      return .failure(failure.met(at: proxy))
    }
  }

  /// With the reason why a certificate was refused.
  private func inspected(
    _ failure: TransportFailure, of message: HTTPClient.Request, until end: NIODeadline
  ) async -> TransportFailure {
    guard failure == .tls(.untrusted) else { return failure }
    let server = "\(message.host):\(message.port)"
    if let known = inspectedFaults.withLock({ $0[server] }) { return .tls(known) }
    let inspection = CertificateInspection(eventLoop: Self.eventLoops.any(), tls: tls)
    let timeout = min(end - .now(), .seconds(5))
    guard let fault = await inspection.fault(ofHost: message.host, port: message.port, timeout: timeout) else {
      return failure
    }
    inspectedFaults.withLock { $0[server] = fault }
    return .tls(fault)
  }

  /// Takes a second at most: a connection that is still being made ends only with its own timeout, and is left to it.
  package func shutdown() async {
    let (ended, end) = AsyncStream.makeStream(of: Never.self)
    Task.detached { [client, freshClient] in
      try? await client.shutdown()
      try? await freshClient.shutdown()
      end.finish()
    }
    let limit = Task.detached {
      try? await Task.sleep(for: .seconds(1))
      end.finish()
    }
    for await _ in ended {}
    limit.cancel()
  }
}

/// Our own deadline for an attempt has passed.
struct AttemptTimedOut: Error {}

/// A response body has grown past its limit.
struct BodyOverLimit: Error {}

extension TimeAmount {
  fileprivate init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
  }
}
