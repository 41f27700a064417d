import Files
import GRDB
import GRDBSQLite

/// A connection through SQLite's own interface, closed with its last reference.
final class SQLiteConnection {
  /// SQLite's handle of the connection.
  let pointer: OpaquePointer
  /// How it reads; nil for one that writes.
  private let access: ReadingAccess?
  private let lockHandler: LockWait.Handler

  /// - Parameter lockWait: for whoever else holds the database.
  /// - Throws: `DatabaseError`.
  convenience init(_ name: String, flags: Int32, lockWait: LockWait) throws {
    try self.init(name, flags: flags, access: nil, lockWait)
  }

  /// Opens a connection that only reads.
  ///
  /// - Throws: `DatabaseError`.
  convenience init(_ access: ReadingAccess) throws {
    try self.init(access.name, flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, access: access, access.lockWait)
    try execute(access.setup)
  }

  private init(_ name: String, flags: Int32, access: ReadingAccess?, _ lockWait: LockWait) throws {
    var pointer: OpaquePointer?
    let code = sqlite3_open_v2(name, &pointer, flags, nil)
    guard code == SQLITE_OK, let pointer else {
      sqlite3_close(pointer)
      throw DatabaseError(resultCode: ResultCode(rawValue: code))
    }
    self.pointer = pointer
    self.access = access
    lockHandler = LockWait.Handler(lockWait, path: access?.file.given ?? name)
    lockHandler.install(on: pointer)
  }

  deinit {
    sqlite3_close(pointer)
    access?.release()
  }

  /// - Parameter sql: statements without rows that matter.
  func execute(_ sql: String) throws { try check(sqlite3_exec(pointer, sql, nil, nil, nil)) }

  /// The first value of the first row.
  func number(_ sql: String) throws -> Int {
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    try check(sqlite3_prepare_v2(pointer, sql, -1, &statement, nil))
    guard sqlite3_step(statement) == SQLITE_ROW else { throw lastError }
    return Int(sqlite3_column_int64(statement, 0))
  }

  /// The first value of every row.
  func texts(_ sql: String) throws -> [String] {
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    try check(sqlite3_prepare_v2(pointer, sql, -1, &statement, nil))
    var texts: [String] = []
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: texts.append(sqlite3_column_text(statement, 0).map { String(cString: $0) } ?? "")
      case SQLITE_DONE: return texts
      default: throw lastError
      }
    }
  }

  func check(_ code: Int32) throws {
    if code != SQLITE_OK { throw lastError }
  }

  /// What SQLite says of the last call.
  var lastError: DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: sqlite3_extended_errcode(pointer)),
      message: String(cString: sqlite3_errmsg(pointer)))
  }
}
