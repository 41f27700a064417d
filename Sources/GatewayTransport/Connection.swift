import Gateway
import NIOCore
import NIOHTTP1
import NIOTLS

/// A connection to the gateway, from opening to closing, with one exchange at a time. Confined to the event loop.
final class Connection: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private enum Stage {
    /// Requests can't be sent yet: the name lookup, the socket, the proxy tunnel or the TLS handshake is not complete.
    case opening
    case open
    case closed
  }

  private let connector: Connector
  /// The pool that removes the connection when it closes.
  private let pool: ConnectionPool
  private let openingDeadline: NIODeadline
  private var stage = Stage.opening
  private var channel: (any Channel)?
  private var context: ChannelHandlerContext?
  private(set) var exchange: Exchange?
  /// Whether the last exchange is complete and the pool has not been notified yet.
  private var isAnswered = false
  /// Whether the server keeps the connection open for another request.
  private var isKeptAlive = true
  /// When the connection became idle.
  private(set) var idleSince = NIODeadline.now()
  var isOpen: Bool { stage == .open }

  init(_ connector: Connector, pool: ConnectionPool) {
    self.connector = connector
    self.pool = pool
    openingDeadline = .now() + connector.timeout
  }

  /// Opens the connection for an exchange.
  func open(for exchange: Exchange) {
    self.exchange = exchange
    exchange.restartTime()
    connector.connect(until: openingDeadline).assumeIsolated().whenComplete { result in
      switch result {
      case .success(let channel): self.begin(on: channel)
      case .failure(let error): self.failToOpen(with: error)
      }
    }
  }

  private func failToOpen(with error: any Error) {
    guard stage == .opening, let exchange,
      let code = TransportFailure(error, progress: exchange.progress).localShortage
    else { return end(with: error) }
    stage = .closed
    self.exchange = nil
    pool.takeBack(exchange, from: self, lacking: code)
  }

  private func begin(on channel: any Channel) {
    // The connection was closed while it was being opened.
    guard stage == .opening else { return channel.close(promise: nil) }
    self.channel = channel
    do {
      try connector.addHandlers(to: channel, connection: self)
    } catch {
      end(with: error)
    }
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    if !connector.isSecure { beReady() }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted? = event as? TLSUserEvent { beReady() }
  }

  private func beReady() {
    guard stage == .opening else { return }
    stage = .open
    send()
    pool.noteOpening(of: self)
  }

  /// Starts the next exchange on the idle connection.
  func carry(_ exchange: Exchange) {
    self.exchange = exchange
    exchange.restartTime()
    send()
  }

  private func send() {
    guard let context, let exchange else { return }
    exchange.requestIsSent()
    // Call `whenSent` only when the operating system has the request: the request must not reach the gateway later than
    // its recorded time. On a connection that was just opened, a flush doesn't write yet.
    let sent = exchange.request.whenSent.map { whenSent in
      let promise = context.eventLoop.makePromise(of: Void.self)
      promise.futureResult.whenSuccess(whenSent)
      return promise
    }
    context.write(wrapOutboundOut(.head(connector.head(of: exchange.request))), promise: sent)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard let exchange else { return close() }
    switch unwrapInboundIn(data) {
    case .head(let head):
      isKeptAlive = head.isKeepAlive && !exchange.request.needsFreshConnection
      exchange.receive(head)
    case .body(let part):
      guard exchange.receive(part) else {
        exchange.succeedOverLimit()
        return close()
      }
    case .end:
      exchange.succeed()
      self.exchange = nil
      isAnswered = true
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    // Release the connection only after the whole read: data directly after a response belongs to no request and closes
    // the connection. Release it only once: data on an idle connection may not be HTTP, such as TLS's own messages.
    guard stage == .open, isAnswered else { return }
    isAnswered = false
    guard isKeptAlive else { return close() }
    idleSince = .now()
    pool.release(self)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { end(with: error) }

  func channelInactive(context: ChannelHandlerContext) { end(with: ChannelError.eof) }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  private func end(with error: any Error) {
    exchange?.fail(with: error)
    close()
  }

  /// Ends an exchange that has timed out or was canceled, and closes the connection.
  func check(at now: NIODeadline) {
    guard let exchange else { return }
    if exchange.ticket.isCancelled {
      exchange.fail(.cancelled)
    } else if exchange.deadline <= now || stage == .opening && openingDeadline <= now {
      exchange.timeOut()
    } else {
      return
    }
    close()
  }

  func close() {
    guard stage != .closed else { return }
    stage = .closed
    exchange = nil
    channel?.close(promise: nil)
    pool.remove(self)
  }
}
