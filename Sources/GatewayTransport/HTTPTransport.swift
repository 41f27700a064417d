import Files
package import Gateway
import InventoryModel
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// ``Transport`` over SwiftNIO's own HTTP/1.1 handlers: keep-alive connections, verified TLS, proxy tunnels.
///
/// A connection carries one request at a time, so a closed connection affects no other request. HTTP/2 is not offered
/// to the server: it saves connections for clients with many requests in flight, but here their number is small,
/// configurable, and bounded by the rate limit anyway.
package final class HTTPTransport: Transport {
  package struct Settings: Sendable {
    package var base: BaseURL
    package var connectTimeout: Duration
    /// The maximum number of open connections.
    package var connections: Int
    /// The number of threads that handle requests, each with its own connections. Fewer threads are used when there are
    /// fewer connections.
    package var threads: Int
    /// A PEM file with trust roots, in addition to the system's trust store.
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

  /// One thread and its connections.
  private struct Carrier: Sendable {
    let executor: EventLoopExecutor
    let pool: NIOLoopBoundBox<ConnectionPool>

    var eventLoop: any EventLoop { executor.eventLoop }
  }

  /// The maximum number of threads. More would not help: a few handle more requests than any gateway answers.
  package static let mostThreads = OpenFileLimit.current.eventLoops(atMost: min(4, System.coreCount))
  /// The event loops of all transports. Their threads live as long as the process: otherwise, a pending name lookup
  /// could return to a thread that no longer exists.
  private static let eventLoops: MultiThreadedEventLoopGroup = {
    // Instantiate the type before two threads can do so at the same time. On Linux, Swift's runtime (6.3) dereferences
    // a null pointer when one thread checks the conformances of a generic class without a superclass while another
    // thread completes the class. One in a thousand starts of a debug build crashed.
    withExtendedLifetime(ByteToMessageHandler(HTTPResponseDecoder())) {}
    return MultiThreadedEventLoopGroup(numberOfThreads: mostThreads)
  }()
  private static let threads = eventLoops.makeIterator().map(EventLoopExecutor.init)

  private let carriers: [Carrier]
  private let settings: Settings
  private let tls: TLSConfiguration
  /// The fault of a refused certificate. An untrusted server is inspected only once.
  private let inspectedFault = Mutex<TransportFailure.TLSFault?>(nil)

  /// - Throws: ``CAFileError`` when the file with additional trust roots can't be used.
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
      // The first carriers get the remaining connections.
      let limit = (settings.connections + count - 1 - index) / count
      return Carrier(
        executor: executor,
        pool: .makeBoxSendingValue(ConnectionPool(connector: connector, limit: limit), eventLoop: executor.eventLoop))
    }
  }

  /// Executors for the tasks that send requests, to be assigned in turn. A task sends its request, and resumes, on the
  /// thread that receives the response. The executors live as long as the process.
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

  /// Adds the reason why a certificate was refused. Returns other failures unchanged.
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
