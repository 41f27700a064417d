import Files
package import GRDB
import GRDBSQLite

/// A connection through SQLite's own interface. It closes when its last reference is released.
package final class DirectConnection {
  /// SQLite's handle of the connection.
  package let pointer: OpaquePointer
  /// How a read-only connection accesses the database; nil for a connection that writes.
  private let access: ReadingAccess?
  private let lockHandler: LockWait.Handler

  /// - Parameter lockWait: how to wait while another connection holds the database.
  /// - Throws: `DatabaseError`.
  convenience init(_ name: String, flags: Int32, lockWait: LockWait) throws {
    try self.init(name, flags: flags, access: nil, lockWait)
  }

  /// Opens a read-only connection.
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

  /// - Parameter sql: statements whose rows, if any, are ignored.
  package func execute(_ sql: String) throws { try check(sqlite3_exec(pointer, sql, nil, nil, nil)) }

  /// The first value of the first row.
  package func number(_ sql: String) throws -> Int {
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    try check(sqlite3_prepare_v2(pointer, sql, -1, &statement, nil))
    guard sqlite3_step(statement) == SQLITE_ROW else { throw lastError }
    return Int(sqlite3_column_int64(statement, 0))
  }

  /// The first value of every row.
  package func texts(_ sql: String) throws -> [String] {
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

  package func check(_ code: Int32) throws {
    if code != SQLITE_OK { throw lastError }
  }

  /// SQLite's error for the last call.
  package var lastError: DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: sqlite3_extended_errcode(pointer)),
      message: String(cString: sqlite3_errmsg(pointer)))
  }
}

extension DirectConnection {
  /// Opens a ledger for reading. Columns that an older schema version lacks are filled in.
  ///
  /// - Parameter lockWait: how to wait while another program holds the database.
  package static func reading(
    ledgerAt path: String, lockWait: LockWait
  ) throws(LedgerError) -> (DirectConnection, ReadingAccess) {
    do {
      let (connection, access) = try ReadingAccess.open(DatabaseFile(path), sharing: true, lockWait: lockWait) {
        access in
        let connection = try DirectConnection(access)
        _ = try connection.number("PRAGMA user_version")
        return (connection, access)
      }
      let version = try Self.version(of: connection, path)
      if version > 0, version < Schema.version {
        try connection.execute(
          Schema.fillingIn { try connection.texts("SELECT name FROM pragma_table_info('\($0)', 'main')") })
      }
      return (connection, access)
    } catch {
      throw LedgerError(reading: error, path: path)
    }
  }

  private static func version(of connection: DirectConnection, _ path: String) throws -> Int {
    let owner = try connection.number("PRAGMA application_id")
    let version = try connection.number("PRAGMA user_version")
    let isEmpty = try owner == 0 && version == 0 && connection.number("SELECT count(*) FROM sqlite_schema") == 0
    guard isEmpty || owner == Schema.applicationID else { throw LedgerError.foreign(path: path) }
    guard version <= Schema.version else {
      throw LedgerError.newer(path: path, version: version, known: Schema.version)
    }
    return version
  }
}
