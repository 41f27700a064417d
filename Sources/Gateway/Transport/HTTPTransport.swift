import InventoryModel
import NIOCore
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
    /// Threads that carry requests, each with connections of its own; fewer where there are fewer connections.
    package var threads: Int
    /// A PEM file with trust roots beside the system's.
    package var caFile: String?
    package var proxy: Proxy?

    package init(
      base: BaseURL, connectTimeout: Duration, connections: Int, threads: Int = 1, caFile: String? = nil,
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

  /// A thread that carries requests, and its connections.
  private struct Lane: Sendable {
    let eventLoop: any EventLoop
    let executor: EventLoopExecutor
    let pool: NIOLoopBoundBox<ConnectionPool>
  }

  /// They live as long as the process: a name that is still being looked up would come back to a thread that is gone.
  private static let eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: mostThreads)
  /// As many as the machine runs at once; four carry more than any gateway answers.
  package static let mostThreads = min(4, System.coreCount)

  private let lanes: [Lane]
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
    lanes = (0..<count).map { index in
      let eventLoop = Self.eventLoops.next()
      let connector = Connector(
        base: settings.base, proxy: settings.proxy, tls: context, timeout: TimeAmount(settings.connectTimeout),
        eventLoop: eventLoop)
      // The first have those that are left over.
      let limit = (settings.connections + count - 1 - index) / count
      return Lane(
        eventLoop: eventLoop, executor: EventLoopExecutor(eventLoop),
        pool: .makeBoxSendingValue(ConnectionPool(connector: connector, limit: limit), eventLoop: eventLoop))
    }
  }

  /// For the tasks that send, in turn: each then sends and goes on where its response comes in.
  package var executors: [any TaskExecutor] { lanes.map(\.executor) }

  /// For those tasks to sleep by.
  package var clock: EventLoopClock { EventLoopClock(eventLoop: lanes[0].eventLoop) }

  package func send(_ request: TransportRequest) async -> Result<TransportResponse, TransportFailure> {
    let end = NIODeadline.now() + TimeAmount(request.timeout)
    let ticket = Exchange.Ticket()
    let lane = lanes.first(where: \.eventLoop.inEventLoop) ?? lanes[0]
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if lane.eventLoop.inEventLoop {
          lane.pool.value.start(Exchange(request, ticket: ticket, deadline: end, continuation))
        } else {
          lane.eventLoop.execute {
            lane.pool.value.start(Exchange(request, ticket: ticket, deadline: end, continuation))
          }
        }
      }
    } onCancel: {
      ticket.cancel()
      lane.eventLoop.execute { lane.pool.value.cancelExchanges() }
    }
    guard case .failure(let failure) = result else { return result }
    if let proxy = settings.proxy { return .failure(failure.met(at: proxy)) }
    return .failure(await inspected(failure, until: end))
  }

  /// With the reason why a certificate was refused.
  private func inspected(_ failure: TransportFailure, until end: NIODeadline) async -> TransportFailure {
    guard failure == .tls(.untrusted) else { return failure }
    if let known = inspectedFault.withLock({ $0 }) { return .tls(known) }
    let inspection = CertificateInspection(eventLoop: lanes[0].eventLoop, tls: tls)
    let timeout = min(end - .now(), .seconds(5))
    let base = settings.base
    guard let fault = await inspection.fault(ofHost: base.hostname, port: base.port, timeout: timeout) else {
      return failure
    }
    inspectedFault.withLock { $0 = fault }
    return .tls(fault)
  }

  package func shutdown() async {
    for lane in lanes { try? await lane.eventLoop.submit { lane.pool.value.shutdown() }.get() }
  }
}

extension TimeAmount {
  init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
  }
}
