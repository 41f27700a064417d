import Files
package import Gateway
import InventoryModel
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// ``Transport`` over SwiftNIO's own HTTP/1.1 handlers: kept-alive connections, verified TLS, tunnels through a proxy.
///
/// One request is on a connection at a time, so that a connection which ends takes no other request with it. HTTP/2 is
/// not offered to the server: it saves connections where a client has many requests under way at once, and here their
/// number is small, chosen, and bounded by the rate anyway.
package final class HTTPTransport: Transport {
  package struct Settings: Sendable {
    package var base: BaseURL
    package var connectTimeout: Duration
    /// Connections that may be open at a time.
    package var connections: Int
    /// Threads that carry requests, each over connections of its own; fewer where there are fewer connections.
    package var threads: Int
    /// A PEM file with trust roots beside the system's.
    package var caFile: String?
    package var proxy: Proxy?

    package init(
      base: BaseURL, connectTimeout: Duration, connections: Int, threads: Int = mostThreads, caFile: String? = nil,
      proxy: Proxy? = nil
    ) {
      self.base = base
      self.connectTimeout = connectTimeout
      self.connections = connections
      self.threads = threads
      self.caFile = caFile
      self.proxy = proxy
    }
  }

  /// The connections that one thread carries.
  private struct Carrier: Sendable {
    let executor: EventLoopExecutor
    let pool: NIOLoopBoundBox<ConnectionPool>

    var eventLoop: any EventLoop { executor.eventLoop }
  }

  /// More would not help: what a few carry is more than any gateway answers.
  package static let mostThreads = OpenFileLimit.current.eventLoops(atMost: min(4, System.coreCount))
  /// Its threads live as long as the process: a name that is still being looked up would come back to one that is gone.
  private static let eventLoops: MultiThreadedEventLoopGroup = {
    // The type, before two threads could make it at once. On Linux, Swift's runtime (6.3) reads through a null pointer
    // where one of them asks what a generic class without a superclass conforms to while the other completes it: so ended
    // one of a thousand starts of a debug build.
    withExtendedLifetime(ByteToMessageHandler(HTTPResponseDecoder())) {}
    return MultiThreadedEventLoopGroup(numberOfThreads: mostThreads)
  }()
  private static let threads = eventLoops.makeIterator().map(EventLoopExecutor.init)

  private let carriers: [Carrier]
  private let settings: Settings
  private let tls: TLSConfiguration
  /// What was found out about a refused certificate: a server that is not trusted is looked at once.
  private let inspectedFault = Mutex<TransportFailure.TLSFault?>(nil)

  /// - Throws: ``CAFileError`` when the file with further trust roots can't be used.
  package init(_ settings: Settings) throws {
    var tls = TLSConfiguration.makeClientConfiguration()
    if let caFile = settings.caFile { tls.additionalTrustRoots = [.certificates(try CAFile.certificates(in: caFile))] }
    tls.applicationProtocols = ["http/1.1"]
    self.settings = settings
    self.tls = tls
    let context = settings.base.isSecure ? try NIOSSLContext(configuration: tls) : nil
    let count = max(1, min(settings.threads, settings.connections, Self.mostThreads))
    carriers = Self.threads.prefix(count).enumerated().map { index, executor in
      let connector = Connector(
        base: settings.base, proxy: settings.proxy, tls: context, timeout: TimeAmount(settings.connectTimeout),
        eventLoop: executor.eventLoop)
      // The first have those that are left over.
      let limit = (settings.connections + count - 1 - index) / count
      return Carrier(
        executor: executor,
        pool: .makeBoxSendingValue(ConnectionPool(connector: connector, limit: limit), eventLoop: executor.eventLoop))
    }
  }

  /// For the tasks that send, in turn: each then sends, and goes on, where its response comes in. They live as long as the
  /// process.
  package var executors: [any TaskExecutor] { carriers.map(\.executor) }

  /// A clock for tasks on the first of the ``executors``.
  package var clock: EventLoopClock { EventLoopClock(carriers[0].eventLoop) }

  package func send(_ request: TransportRequest) async -> Result<TransportResponse, TransportFailure> {
    let end = NIODeadline.now() + TimeAmount(request.timeout)
    let ticket = Exchange.Ticket()
    let current = MultiThreadedEventLoopGroup.currentEventLoop
    let own = current.flatMap { current in carriers.first { $0.eventLoop === current } }
    let carrier = own ?? carriers[0]
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if own != nil {
          carrier.pool.value.start(Exchange(request, ticket: ticket, continuation))
        } else {
          carrier.eventLoop.execute {
            carrier.pool.value.start(Exchange(request, ticket: ticket, continuation))
          }
        }
      }
    } onCancel: {
      ticket.cancel()
      carrier.eventLoop.execute { carrier.pool.value.cancelExchanges() }
    }
    guard case .failure(let failure) = result else { return result }
    if let proxy = settings.proxy { return .failure(failure.met(at: proxy)) }
    return .failure(await inspected(failure, until: end))
  }

  /// With the reason why a certificate was refused.
  private func inspected(_ failure: TransportFailure, until end: NIODeadline) async -> TransportFailure {
    guard failure == .tls(.untrusted) else { return failure }
    if let known = inspectedFault.withLock({ $0 }) { return .tls(known) }
    let inspection = CertificateInspection(eventLoop: carriers[0].eventLoop, tls: tls)
    let timeout = min(end - .now(), .seconds(5))
    let base = settings.base
    guard let fault = await inspection.fault(ofHost: base.hostname, port: base.port, timeout: timeout) else {
      return failure
    }
    inspectedFault.withLock { $0 = fault }
    return .tls(fault)
  }

  package func shutdown() async {
    for carrier in carriers { try? await carrier.eventLoop.submit { carrier.pool.value.shutdown() }.get() }
  }
}

extension TimeAmount {
  init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
  }
}
