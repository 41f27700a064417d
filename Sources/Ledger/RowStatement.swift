import GRDB
import GRDBSQLite

/// A statement that is run for row after row, its values bound through SQLite's own interface.
///
/// The library's arguments are boxed one by one, which takes as long as SQLite takes for the whole row.
struct RowStatement {
  private let statement: Statement
  private var bound: Int32 = 0
  /// What SQLite said of the first value that it did not take.
  private var refusal = SQLITE_OK

  /// SQLite takes a copy of the bytes (`SQLITE_TRANSIENT`, a macro that Swift does not see).
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  init(_ db: Database, sql: String) throws {
    statement = try db.cachedStatement(sql: sql)
  }

  /// Binds the next value, in the order of the statement's parameters. One that SQLite does not take fails the run.
  mutating func bind(_ text: String?) {
    guard var text else { return bindNull() }
    bindNext { pointer, place in
      text.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) { characters in
          // An empty text has no address, and without one it would be null.
          characters.baseAddress.map { sqlite3_bind_text(pointer, place, $0, Int32(characters.count), Self.copied) }
            ?? sqlite3_bind_text(pointer, place, "", 0, Self.copied)
        }
      }
    }
  }

  mutating func bind(_ number: Int?) { bind(number.map(Int64.init)) }

  mutating func bind(_ number: Int64?) {
    guard let number else { return bindNull() }
    bindNext { sqlite3_bind_int64($0, $1, number) }
  }

  private mutating func bindNull() { bindNext { sqlite3_bind_null($0, $1) } }

  private mutating func bindNext(_ bind: (OpaquePointer, Int32) -> Int32) {
    bound += 1
    let code = bind(statement.sqliteStatement, bound)
    if refusal == SQLITE_OK { refusal = code }
  }

  /// Runs the statement with what is bound, and is ready for the next row.
  ///
  /// - Throws: `DatabaseError`.
  mutating func run() throws {
    let pointer = statement.sqliteStatement
    defer {
      bound = 0
      refusal = SQLITE_OK
      sqlite3_reset(pointer)
      sqlite3_clear_bindings(pointer)
    }
    // A value that is missing must not become a null.
    guard refusal == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: refusal)) }
    guard sqlite3_step(pointer) == SQLITE_DONE else {
      let connection = sqlite3_db_handle(pointer)
      throw DatabaseError(
        resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
        message: String(cString: sqlite3_errmsg(connection)))
    }
  }
}
