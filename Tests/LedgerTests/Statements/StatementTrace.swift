import GRDBSQLite
import Synchronization

/// Every statement that is run on databases whose path contains a name, with the plan that SQLite makes for it on that
/// connection, at that moment.
final class StatementTrace: Sendable {
  struct Executed: Hashable, Sendable {
    var sql: String
    var plan: [PlanStep]
  }

  private struct State {
    var statements: Set<Executed> = []
    /// How often each text was run.
    var runs: [String: Int] = [:]
  }

  private let state = Mutex(State())

  /// Only one name can be traced at a time: SQLite hands a new connection to a function without a context.
  private static let current = Mutex<(trace: StatementTrace, name: String)?>(nil)

  /// The statements that an operation runs, on whatever connections it opens.
  static func of(databasesNamed name: String, _ operation: () async throws -> Void) async throws -> [Executed] {
    let trace = StatementTrace()
    current.withLock { $0 = (trace, name) }
    sqlite3_auto_extension(unsafeBitCast(watch, to: (@convention(c) () -> Void).self))
    defer {
      sqlite3_cancel_auto_extension(unsafeBitCast(watch, to: (@convention(c) () -> Void).self))
      current.withLock { $0 = nil }
    }
    try await operation()
    return trace.state.withLock { $0.statements.sorted { $0.sql < $1.sql } }
  }

  private typealias Extension = @convention(c) (OpaquePointer?, OpaquePointer?, OpaquePointer?) -> Int32

  /// Called by SQLite for each connection that is opened.
  private static let watch: Extension = { connection, _, _ in
    guard let path = sqlite3_db_filename(connection, "main").map({ String(cString: $0) }) else { return SQLITE_OK }
    current.withLock { current in
      guard let current, path.contains(current.name) else { return }
      // The test holds it until it is over, and its connections are closed by then.
      let context = Unmanaged.passUnretained(current.trace).toOpaque()
      sqlite3_trace_v2(connection, UInt32(SQLITE_TRACE_STMT), note, context)
    }
    return SQLITE_OK
  }

  private static let note:
    @convention(c) (UInt32, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?) -> Int32 = {
      _, context, statement, _ in
      guard let context, let statement = statement.map({ OpaquePointer($0) }), let text = sqlite3_sql(statement) else {
        return SQLITE_OK
      }
      Unmanaged<StatementTrace>.fromOpaque(context).takeUnretainedValue()
        .note(String(cString: text), on: sqlite3_db_handle(statement))
      return SQLITE_OK
    }

  private static let explanation = "EXPLAIN QUERY PLAN "

  private func note(_ sql: String, on connection: OpaquePointer?) {
    guard !sql.hasPrefix(Self.explanation) else { return }
    let runs = state.withLock { state in
      state.runs[sql, default: 0] += 1
      return state.runs[sql] ?? 0
    }
    // One that is run for every row need not be explained each time.
    guard runs & (runs - 1) == 0 else { return }
    let executed = Executed(sql: sql, plan: Self.plan(of: sql, on: connection))
    state.withLock { _ = $0.statements.insert(executed) }
  }

  /// Empty for statements that look for nothing, such as `PRAGMA` and `BEGIN`.
  private static func plan(of sql: String, on connection: OpaquePointer?) -> [PlanStep] {
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    guard sqlite3_prepare_v2(connection, explanation + sql, -1, &statement, nil) == SQLITE_OK else { return [] }
    var steps: [PlanStep] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      guard let detail = sqlite3_column_text(statement, 3) else { continue }
      steps.append(
        PlanStep(
          id: Int(sqlite3_column_int(statement, 0)), parent: Int(sqlite3_column_int(statement, 1)),
          detail: String(cString: detail)))
    }
    return steps
  }
}
