import NIOCore

/// Gives exchanges a connection each: one that is idle, a new one while there may be more, or else the next to be free.
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

  /// - Parameter limit: connections that may be open at a time.
  init(connector: Connector, limit: Int) {
    self.connector = connector
    self.limit = limit
  }

  func start(_ exchange: Exchange) {
    guard !isShutDown, !exchange.ticket.isCancelled else { return exchange.fail(.cancelled) }
    beginChecks()
    if exchange.request.needsFreshConnection {
      if connections.count == limit, let oldest = idle.first { oldest.close() }
    } else if let connection = idle.popLast() {
      return connection.carry(exchange)
    }
    guard connections.count < limit else { return waiting.append(exchange) }
    let connection = Connection(connector, pool: self)
    connections[ObjectIdentifier(connection)] = connection
    connection.open(for: exchange)
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
    startWaiting()
  }

  private func startWaiting() {
    guard !waiting.isEmpty, !idle.isEmpty || connections.count < limit else { return }
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
    for _ in 0..<waiting.count {
      let exchange = waiting.removeFirst()
      if exchange.ticket.isCancelled {
        exchange.fail(.cancelled)
      } else if exchange.deadline <= now {
        exchange.timeOut()
      } else {
        waiting.append(exchange)
      }
    }
    while let oldest = idle.first, oldest.idleSince + Self.longestIdle <= now { oldest.close() }
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
