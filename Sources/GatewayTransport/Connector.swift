import FoundationEssentials
import Gateway
import NIOCore
import NIOExtras
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Opens connections to the gateway, through a proxy tunnel if there is a proxy, and builds the request heads.
struct Connector {
  let eventLoop: any EventLoop
  /// The timeout for opening a connection, including TLS and the tunnel.
  let timeout: TimeAmount
  private let base: BaseURL
  private let proxy: Proxy?
  private let tls: NIOSSLContext?
  /// The server name for TLS; nil when the gateway's host is an IP address, which is not a valid server name (RFC 6066
  /// §3).
  private let serverName: String?

  init(base: BaseURL, proxy: Proxy?, tls: NIOSSLContext?, timeout: TimeAmount, eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
    self.timeout = timeout
    self.base = base
    self.proxy = proxy
    self.tls = tls
    serverName = (try? SocketAddress(ipAddress: base.hostname, port: 0)) == nil ? base.hostname : nil
  }

  var isSecure: Bool { tls != nil }

  func connect(until deadline: NIODeadline) -> EventLoopFuture<any Channel> {
    let connection = ClientBootstrap(group: eventLoop)
      .connectTimeout(timeout)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .connect(host: proxy?.host ?? base.hostname, port: proxy?.port ?? base.port)
    guard let proxy else { return connection }
    return connection.flatMap { channel in tunnel(through: proxy, on: channel, until: deadline).map { channel } }
  }

  private func tunnel(
    through proxy: Proxy, on channel: any Channel, until deadline: NIODeadline
  ) -> EventLoopFuture<Void> {
    let opened = eventLoop.makePromise(of: Void.self)
    var headers = HTTPHeaders([("host", "\(base.host):\(base.port)")])
    if let credentials = proxy.credentials {
      let token = Data("\(credentials.user):\(credentials.password)".utf8).base64EncodedString()
      headers.add(name: "proxy-authorization", value: "Basic " + token)
    }
    let encoder = HTTPRequestEncoder()
    let decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes))
    let pipeline = channel.pipeline.syncOperations
    do {
      try pipeline.addHandlers([
        encoder, decoder,
        NIOHTTP1ProxyConnectHandler(
          targetHost: base.host, targetPort: base.port, headers: headers, deadline: deadline, promise: opened),
      ])
      // A response that is not HTTP closes the connection, which ends the wait for the tunnel.
      try pipeline.addHandler(NIOCloseOnErrorHandler())
    } catch {
      opened.fail(error)
    }
    opened.futureResult.whenFailure { _ in channel.close(promise: nil) }
    return opened.futureResult.assumeIsolated().flatMap {
      pipeline.removeHandler(encoder).and(pipeline.removeHandler(decoder)).map { _ in }
    }.nonisolated()
  }

  /// Adds the TLS and HTTP handlers to the channel, and the connection that receives their events.
  func addHandlers(to channel: any Channel, connection: Connection) throws {
    let pipeline = channel.pipeline.syncOperations
    if let tls { try pipeline.addHandler(try NIOSSLClientHandler(context: tls, serverHostname: serverName)) }
    try pipeline.addHandlers([HTTPRequestEncoder(), ByteToMessageHandler(HTTPResponseDecoder()), connection])
  }

  func head(of request: TransportRequest) -> HTTPRequestHead {
    var headers = HTTPHeaders()
    headers.reserveCapacity(request.headers.count + 2)
    headers.add(name: "host", value: base.authority)
    for header in request.headers { headers.add(name: header.name, value: header.value) }
    if request.needsFreshConnection { headers.add(name: "connection", value: "close") }
    return HTTPRequestHead(version: .http1_1, method: .GET, uri: request.target, headers: headers)
  }
}
