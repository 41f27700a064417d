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
    /// A PEM file with trust roots beside the system's.
    package var caFile: String?
    package var proxy: Proxy?

    package init(
      base: BaseURL, connectTimeout: Duration, connections: Int, caFile: String? = nil, proxy: Proxy? = nil
    ) {
      self.base = base
      self.connectTimeout = connectTimeout
      self.connections = connections
      self.caFile = caFile
      self.proxy = proxy
    }
  }

  /// One thread carries as many requests as two on the machines this runs on, with fewer hops. It lives as long as the
  /// process: a name that is still being looked up would come back to a thread that is gone.
  private static let eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: 1)

  private let eventLoop: any EventLoop
  private let pool: NIOLoopBoundBox<ConnectionPool>
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
    let eventLoop = Self.eventLoops.any()
    self.eventLoop = eventLoop
    let connector = Connector(
      base: settings.base, proxy: settings.proxy,
      tls: settings.base.isSecure ? try NIOSSLContext(configuration: tls) : nil,
      timeout: TimeAmount(settings.connectTimeout), eventLoop: eventLoop)
    pool = .makeBoxSendingValue(
      ConnectionPool(connector: connector, limit: settings.connections), eventLoop: eventLoop)
  }

  package func send(_ request: TransportRequest) async -> Result<TransportResponse, TransportFailure> {
    let end = NIODeadline.now() + TimeAmount(request.timeout)
    let ticket = Exchange.Ticket()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        eventLoop.execute { [pool] in
          pool.value.start(Exchange(request, ticket: ticket, deadline: end, continuation))
        }
      }
    } onCancel: {
      ticket.cancel()
      eventLoop.execute { [pool] in pool.value.cancelExchanges() }
    }
    guard case .failure(let failure) = result else { return result }
    if let proxy = settings.proxy { return .failure(failure.met(at: proxy)) }
    return .failure(await inspected(failure, until: end))
  }

  /// With the reason why a certificate was refused.
  private func inspected(_ failure: TransportFailure, until end: NIODeadline) async -> TransportFailure {
    guard failure == .tls(.untrusted) else { return failure }
    if let known = inspectedFault.withLock({ $0 }) { return .tls(known) }
    let inspection = CertificateInspection(eventLoop: eventLoop, tls: tls)
    let timeout = min(end - .now(), .seconds(5))
    let base = settings.base
    guard let fault = await inspection.fault(ofHost: base.hostname, port: base.port, timeout: timeout) else {
      return failure
    }
    inspectedFault.withLock { $0 = fault }
    return .tls(fault)
  }

  package func shutdown() async {
    try? await eventLoop.submit { [pool] in pool.value.shutdown() }.get()
  }
}

extension TimeAmount {
  init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
  }
}
