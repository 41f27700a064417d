import Gateway
import NIOCore

/// Reuses an idle connection, opens one below the limit, or queues the exchange until one is free.
///
/// If this machine lacks a resource for another connection, the request was not sent, and its project loses no attempt:
/// the exchange is queued like those above the limit, and further connections are tried one at a time. Exchanges fail
/// only when no connection can be opened for as long as an attempt may take.
///
/// Confined to the event loop.
final class ConnectionPool {
  /// The interval of deadline checks. An attempt exceeds its deadline by no more than this.
  private static let checkInterval = TimeAmount.milliseconds(20)
  /// How late a check may be before the thread counts as stalled.
  private static let longestDelay = TimeAmount.milliseconds(200)
  /// The maximum idle time. After it, the server has probably closed the connection.
  private static let longestIdle = TimeAmount.seconds(60)

  private let connector: Connector
  private let limit: Int
  private var connections: [ObjectIdentifier: Connection] = [:]
  /// Connections without an exchange, the most recently used last.
  private var idle: [Connection] = []
  private var waiting = CircularBuffer<Exchange>()
  private var checks: RepeatedTask?
  private var lastCheck = NIODeadline.now()
  private var isCheckPutOff = false
  private var isShutDown = false
  /// The current resource shortage; nil while connections can be opened.
  private var shortage: Shortage?
  /// When a connection was last open. Maintained only as far as a shortage requires.
  private var lastOpen = NIODeadline.now()

  private struct Shortage {
    /// The wait after a connection that could not be opened, before another one is tried.
    static let pause = TimeAmount.milliseconds(250)

    /// The error number (`errno`) of the system call.
    var code: Int32
    var nextTry: NIODeadline
    /// The connection that is being opened to test whether the shortage is over.
    var trial: ObjectIdentifier?
  }

  /// - Parameter limit: the maximum number of open connections.
  init(connector: Connector, limit: Int) {
    self.connector = connector
    self.limit = limit
  }

  func start(_ exchange: Exchange) {
    guard !isShutDown, !exchange.ticket.isCancelled else { return exchange.fail(.cancelled) }
    beginChecks()
    if exchange.request.needsFreshConnection {
      if !mayOpen, shortage?.trial == nil, let oldest = idle.first {
        oldest.close()
        // The resources of the closed connection are free, so try at once.
        shortage?.nextTry = .now()
      }
    } else if let connection = idle.popLast() {
      return connection.carry(exchange)
    }
    guard mayOpen else { return waiting.append(exchange) }
    let connection = Connection(connector, pool: self)
    connections[ObjectIdentifier(connection)] = connection
    shortage?.trial = ObjectIdentifier(connection)
    connection.open(for: exchange)
  }

  private var mayOpen: Bool {
    guard connections.count < limit else { return false }
    return shortage.map { $0.trial == nil && $0.nextTry <= .now() } ?? true
  }

  /// Records that a connection is open, and starts a queued exchange if that ends a trial.
  func noteOpening(of connection: Connection) {
    guard shortage != nil else { return }
    lastOpen = .now()
    if waiting.isEmpty {
      shortage = nil
    } else if shortage?.trial == ObjectIdentifier(connection) {
      shortage?.trial = nil
      startWaiting()
    }
  }

  /// Queues the exchange again after its connection could not be opened for lack of a local resource.
  ///
  /// - Parameter code: the error number (`errno`).
  func takeBack(_ exchange: Exchange, from connection: Connection, lacking code: Int32) {
    // The shortage starts with the first failure.
    if shortage == nil { lastOpen = .now() }
    connections[ObjectIdentifier(connection)] = nil
    shortage = Shortage(code: code, nextTry: .now() + Shortage.pause)
    guard !isShutDown, !exchange.ticket.isCancelled else { return exchange.fail(.cancelled) }
    waiting.prepend(exchange)
    startWaiting()
  }

  /// Makes a connection available for another exchange.
  func release(_ connection: Connection) {
    idle.append(connection)
    startWaiting()
  }

  /// Removes a closed connection.
  func remove(_ connection: Connection) {
    connections[ObjectIdentifier(connection)] = nil
    idle.removeAll { $0 === connection }
    if shortage?.trial == ObjectIdentifier(connection) { shortage?.trial = nil }
    startWaiting()
  }

  private func startWaiting() {
    guard !waiting.isEmpty, !idle.isEmpty || mayOpen else { return }
    start(waiting.removeFirst())
  }

  private func beginChecks() {
    guard checks == nil else { return }
    lastCheck = .now()
    let pool = NIOLoopBound(self, eventLoop: connector.eventLoop)
    checks = connector.eventLoop.scheduleRepeatedTask(
      initialDelay: Self.checkInterval, delay: Self.checkInterval
    ) { _ in pool.value.check() }
  }

  /// Ends canceled exchanges.
  func cancelExchanges() { check(at: .distantPast) }

  private func check() {
    let now = NIODeadline.now()
    // After a stall, e.g. in a worker whose log nobody reads, let the thread read the received data before any exchange
    // times out. Postpone only one check: if the thread stalls repeatedly, attempts must still end.
    isCheckPutOff = !isCheckPutOff && now - lastCheck > Self.checkInterval + Self.longestDelay
    lastCheck = now
    if !isCheckPutOff { check(at: now) }
  }

  private func check(at now: NIODeadline) {
    for connection in Array(connections.values) { connection.check(at: now) }
    checkWaiting(at: now)
    while let oldest = idle.first, oldest.idleSince + Self.longestIdle <= now { oldest.close() }
  }

  /// Ends queued exchanges that were canceled or can't get a connection. While connections are open, each becomes free
  /// again soon.
  private func checkWaiting(at now: NIODeadline) {
    if connections.values.contains(where: \.isOpen) { lastOpen = max(lastOpen, now) }
    for _ in 0..<waiting.count {
      let exchange = waiting.removeFirst()
      if exchange.ticket.isCancelled {
        exchange.fail(.cancelled)
      } else if let shortage, max(lastOpen, exchange.began) + TimeAmount(exchange.request.timeout) <= now {
        exchange.fail(.local(shortage.code))
      } else {
        waiting.append(exchange)
      }
    }
    for _ in 0..<waiting.count { startWaiting() }
  }

  func shutdown() {
    isShutDown = true
    checks?.cancel()
    checks = nil
    while let exchange = waiting.popFirst() { exchange.fail(.cancelled) }
    for connection in Array(connections.values) {
      connection.exchange?.fail(.cancelled)
      connection.close()
    }
  }
}
