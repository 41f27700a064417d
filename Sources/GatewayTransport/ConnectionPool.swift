import Gateway
import NIOCore

/// Reuses an idle connection, opens one below the limit, or queues the exchange until one is free.
///
/// Where this machine lacks what another connection takes, the request was not sent, and it costs its project nothing:
/// the exchange is queued like those above the limit, and further connections are tried one at a time. Only while not a
/// single connection can be opened for as long as an attempt may take do exchanges fail for it.
///
/// Lives on the event loop.
final class ConnectionPool {
  /// How often deadlines are looked at; an attempt outlasts its own by no more.
  private static let checkInterval = TimeAmount.milliseconds(20)
  /// How late a look may come before the thread counts as held up.
  private static let longestDelay = TimeAmount.milliseconds(200)
  /// A connection that was not used for so long is likely to be gone at the other end.
  private static let longestIdle = TimeAmount.seconds(60)

  private let connector: Connector
  private let limit: Int
  private var connections: [ObjectIdentifier: Connection] = [:]
  /// Those that carry nothing, the one used last at the end.
  private var idle: [Connection] = []
  private var waiting = CircularBuffer<Exchange>()
  private var checks: RepeatedTask?
  private var lastCheck = NIODeadline.now()
  private var isCheckPutOff = false
  private var isShutDown = false
  /// nil while connections can be opened.
  private var shortage: Shortage?
  /// When there last was an open connection, as far as that matters in a shortage.
  private var lastOpen = NIODeadline.now()

  private struct Shortage {
    /// How soon a further connection is tried after one that could not be opened.
    static let pause = TimeAmount.milliseconds(250)

    /// The system's error number.
    var code: Int32
    var nextTry: NIODeadline
    /// The connection that is being opened to find out.
    var trial: ObjectIdentifier?
  }

  /// - Parameter limit: connections that may be open at a time.
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
        // What the one had, the other can have at once.
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

  /// The connection can carry exchanges.
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

  /// The connection could not be opened for want of something on this machine.
  ///
  /// - Parameter code: the system's error number.
  func takeBack(_ exchange: Exchange, from connection: Connection, lacking code: Int32) {
    // The time begins with the first failure.
    if shortage == nil { lastOpen = .now() }
    connections[ObjectIdentifier(connection)] = nil
    shortage = Shortage(code: code, nextTry: .now() + Shortage.pause)
    guard !isShutDown, !exchange.ticket.isCancelled else { return exchange.fail(.cancelled) }
    waiting.prepend(exchange)
    startWaiting()
  }

  /// The connection is free for another exchange.
  func release(_ connection: Connection) {
    idle.append(connection)
    startWaiting()
  }

  /// The connection has ended.
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

  /// Ends what was cancelled.
  func cancelExchanges() { check(at: .distantPast) }

  private func check() {
    let now = NIODeadline.now()
    // A thread that was held up, as by a worker whose log nobody reads on, reads what has come before it calls anything
    // late. Once: where it is held up again and again, attempts have to end all the same.
    isCheckPutOff = !isCheckPutOff && now - lastCheck > Self.checkInterval + Self.longestDelay
    lastCheck = now
    if !isCheckPutOff { check(at: now) }
  }

  private func check(at now: NIODeadline) {
    for connection in Array(connections.values) { connection.check(at: now) }
    checkWaiting(at: now)
    while let oldest = idle.first, oldest.idleSince + Self.longestIdle <= now { oldest.close() }
  }

  /// Ends what was cancelled, or waits in vain; where there are connections, each is free again before long.
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
