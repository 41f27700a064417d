import GRDB
import GRDBSQLite

/// A statement that is run for row after row, its values bound through SQLite's own interface.
///
/// The library's arguments are boxed one by one, which takes as long as SQLite takes for the whole row.
struct RowStatement {
  private let statement: Statement
  private var bound: Int32 = 0

  /// SQLite takes a copy of the bytes (`SQLITE_TRANSIENT`, a macro that Swift does not see).
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  init(_ db: Database, sql: String) throws {
    statement = try db.cachedStatement(sql: sql)
  }

  /// Binds the next value, in the order of the statement's parameters.
  mutating func bind(_ text: String?) {
    bound += 1
    guard var text else {
      sqlite3_bind_null(statement.sqliteStatement, bound)
      return
    }
    text.withUTF8 { bytes in
      _ = bytes.withMemoryRebound(to: CChar.self) { characters in
        // An empty text has no address, and without one it would be null.
        characters.baseAddress.map {
          sqlite3_bind_text(statement.sqliteStatement, bound, $0, Int32(characters.count), Self.copied)
        } ?? sqlite3_bind_text(statement.sqliteStatement, bound, "", 0, Self.copied)
      }
    }
  }

  mutating func bind(_ number: Int?) { bind(number.map(Int64.init)) }

  mutating func bind(_ number: Int64?) {
    bound += 1
    guard let number else {
      sqlite3_bind_null(statement.sqliteStatement, bound)
      return
    }
    sqlite3_bind_int64(statement.sqliteStatement, bound, number)
  }

  /// Runs the statement with what is bound, and is ready for the next row.
  mutating func run() throws {
    bound = 0
    let pointer = statement.sqliteStatement
    defer {
      sqlite3_reset(pointer)
      sqlite3_clear_bindings(pointer)
    }
    guard sqlite3_step(pointer) == SQLITE_DONE else {
      let connection = sqlite3_db_handle(pointer)
      throw DatabaseError(
        resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
        message: String(cString: sqlite3_errmsg(connection)))
    }
  }
}
