import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

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

  private let eventLoops: MultiThreadedEventLoopGroup
  private let client: HTTPClient

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
    // One thread carries as many requests as two on the machines this runs on, with fewer hops.
    eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    client = HTTPClient(eventLoopGroupProvider: .shared(eventLoops), configuration: configuration)
  }

  package func send(_ request: TransportRequest) async -> Result<TransportResponse, TransportFailure> {
    let collector = ResponseCollector(bodyLimit: request.bodyLimit)
    let exchange: HTTPClient.Task<TransportResponse>
    do {
      var headers = HTTPHeaders()
      for (name, value) in request.headers { headers.add(name: name, value: value) }
      exchange = client.execute(
        request: try HTTPClient.Request(url: request.url, method: .GET, headers: headers), delegate: collector)
    } catch {
      return .failure(.protocolViolation("The address can't be asked for."))
    }
    // The library's own deadline ends when the head is there; this one ends the attempt.
    let deadline = exchange.eventLoop.scheduleTask(in: .init(request.timeout)) {
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
      return .failure(TransportFailure(error, progress: collector.progress))
    }
  }

  package func shutdown() async {
    try? await client.shutdown()
    try? await eventLoops.shutdownGracefully()
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
