import GRDBSQLite
import Ledger
import Synchronization

/// Ends a statement that takes too long, or whose result is no longer needed.
package final class QueryDeadline: Sendable {
  private let isLost = Atomic(false)
  /// When the time limit is reached; nil for never.
  private let deadline = Mutex<ContinuousClock.Instant?>(nil)

  /// SQLite calls the handler after this many instructions of its virtual machine: well under a millisecond.
  private static let instructions: Int32 = 2000

  func begin(_ limit: Duration?) { deadline.withLock { $0 = limit.map { ContinuousClock.now + $0 } } }

  /// Extends the deadline by time that the statement did not use.
  func extend(by time: Duration) {
    deadline.withLock { deadline in
      if let end = deadline { deadline = end + time }
    }
  }

  /// Ends the statement when SQLite next calls the handler. Can be called from any thread.
  package func end() { isLost.store(true, ordering: .relaxed) }

  var wasEnded: Bool { isLost.load(ordering: .relaxed) }

  /// Installs the handler that SQLite calls while a statement runs. The deadline must outlive the connection's
  /// statements.
  func watch(_ connection: DirectConnection) {
    sqlite3_progress_handler(
      connection.pointer, Self.instructions,
      { context in
        guard let context else { return 0 }
        return Unmanaged<QueryDeadline>.fromOpaque(context).takeUnretainedValue().isOver ? 1 : 0
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private var isOver: Bool { wasEnded || deadline.withLock { $0.map { ContinuousClock.now > $0 } ?? false } }
}
