import Dispatch
import GRDB
import GRDBSQLite
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How all connections of a command wait for a database that another program has locked. They retry for at most ten
/// minutes.
package final class LockWait: Sendable {
  /// The start or end of a wait that is longer than one second.
  package enum Event: Hashable, Sendable {
    case began(path: String)
    /// The database is free again.
    case ended(path: String)
  }

  package static let usualLimit = Duration.seconds(600)
  /// How long to keep waiting for the database once the command is ending.
  private static let grace = Duration.seconds(5)
  /// A wait that is longer than this is reported.
  private static let reported = Duration.seconds(1)
  /// The pause between two attempts. It grows by the lower bound after each attempt.
  private static let pauses = Duration.milliseconds(10)...Duration.milliseconds(100)
  /// A wait is over after this long without a refusal. Much longer than a pause, because the machine may be busy.
  private static let silence = Duration.milliseconds(500)

  private struct State {
    /// The database that a connection has been waiting for, for more than one second; nil if there is none.
    var path: String?
    var lastRefusal = ContinuousClock.now
    /// When all waiting ends; nil if no end is set.
    var end: ContinuousClock.Instant?
  }

  private let state = Mutex(State())
  private let limit: Duration
  private let isEnding: @Sendable () -> Bool
  private let report: @Sendable (Event) -> Void

  /// - Parameters:
  ///   - limit: maximum duration of one wait. Once a wait reaches it, no other wait begins.
  ///   - isEnding: whether the command is ending. If so, five seconds of waiting are left.
  ///   - report: called on any thread.
  package init(
    limit: Duration = usualLimit, isEnding: @escaping @Sendable () -> Bool = { false },
    report: @escaping @Sendable (Event) -> Void = { _ in }
  ) {
    self.limit = limit
    self.isEnding = isEnding
    self.report = report
  }

  /// Whether a connection has been waiting for more than one second.
  package var isWaiting: Bool { state.withLock { $0.path != nil } }

  /// Decides whether to retry, and pauses before a retry: SQLite's busy handler
  /// (<https://www.sqlite.org/c3ref/busy_handler.html>).
  ///
  /// - Parameters:
  ///   - tries: number of refusals before this one in the same wait.
  ///   - path: path of the database.
  /// - Returns: whether to try again.
  func isWorthAnotherTry(after tries: Int, of path: String) -> Bool {
    let waited = Self.waited(after: tries)
    let isEnding = isEnding()
    let isOver = state.withLock { state in
      if waited >= limit { state.end = .now }
      if isEnding, state.end == nil { state.end = .now + Self.grace }
      return state.end.map { $0 <= .now } ?? false
    }
    if isOver { return false }
    if waited >= Self.reported { noteRefusal(path) }
    usleep(useconds_t(Self.pause(after: tries) / .microseconds(1)))
    return true
  }

  /// Retries an operation while it is refused because of a lock. SQLite does not call its busy handler if waiting
  /// inside a statement would be useless, for example when the database's journal mode changes.
  func patiently<Value>(_ path: String, _ operation: () throws -> Value) throws -> Value {
    var tries = 0
    while true {
      do {
        return try operation()
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
        guard isWorthAnotherTry(after: tries, of: path) else { throw error }
        tries += 1
      }
    }
  }

  /// Applies the wait to all of GRDB's connections to a database, including readers.
  func apply(to configuration: inout Configuration, path: String) {
    // The configuration keeps the handler alive as long as its connections.
    let handler = Handler(self, path: path)
    configuration.prepareDatabase { db in
      if let connection = db.sqliteConnection { handler.install(on: connection) }
    }
  }

  /// The busy handler that SQLite calls when a connection encounters a lock. It must outlive the connection's
  /// statements.
  final class Handler: Sendable {
    private let lockWait: LockWait
    private let path: String

    init(_ lockWait: LockWait, path: String) {
      self.lockWait = lockWait
      self.path = path
    }

    func install(on connection: OpaquePointer) {
      sqlite3_busy_handler(
        connection,
        { context, tries in
          guard let context else { return 0 }
          let handler = Unmanaged<Handler>.fromOpaque(context).takeUnretainedValue()
          return handler.lockWait.isWorthAnotherTry(after: Int(tries), of: handler.path) ? 1 : 0
        }, Unmanaged.passUnretained(self).toOpaque())
    }
  }

  static func pause(after tries: Int) -> Duration {
    min(pauses.lowerBound * (tries + 1), pauses.upperBound)
  }

  /// The total duration of the pauses after a number of tries.
  static func waited(after tries: Int) -> Duration {
    let growing = min(tries, Int(pauses.upperBound / pauses.lowerBound) - 1)
    return pauses.lowerBound * (growing * (growing + 1) / 2) + pauses.upperBound * (tries - growing)
  }

  private func noteRefusal(_ path: String) {
    let isFirst = state.withLock { state in
      state.lastRefusal = .now
      defer { state.path = state.path ?? path }
      return state.path == nil
    }
    guard isFirst else { return }
    report(.began(path: path))
    watchForEnd()
  }

  /// Detects the end of a wait by polling, because SQLite does not report when a lock is finally acquired.
  private func watchForEnd() {
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(100)) { [self] in
      let ended: (path: String?, isGivenUp: Bool)? = state.withLock { state in
        guard ContinuousClock.now - state.lastRefusal > Self.silence else { return nil }
        defer { state.path = nil }
        return (state.path, state.end.map { $0 <= .now } ?? false)
      }
      guard let ended else { return watchForEnd() }
      if let path = ended.path, !ended.isGivenUp { report(.ended(path: path)) }
    }
  }
}
