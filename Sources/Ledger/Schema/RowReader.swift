import GRDB
import GRDBSQLite

/// Steps through the rows of a query and reads their columns, counted from 0, through SQLite's own interface.
///
/// The library's rows look up the place, the type and the end of every single value, which takes as long as SQLite takes
/// for the whole row.
struct RowReader {
  private let rows: RowCursor
  private let pointer: OpaquePointer

  init(_ statement: Statement, _ arguments: StatementArguments) throws {
    rows = try Row.fetchCursor(statement, arguments: arguments)
    pointer = statement.sqliteStatement
  }

  init(_ db: Database, sql: String, _ arguments: StatementArguments) throws {
    try self.init(db.makeStatement(sql: sql), arguments)
  }

  /// Goes on to the next row; false when there is none.
  ///
  /// - Throws: `DatabaseError`.
  func next() throws -> Bool { try rows.next() != nil }

  /// nil where the row has none.
  func text(_ column: Int) -> String? {
    // The length is asked for last: it is that of the text which the first call has left.
    guard let text = sqlite3_column_text(pointer, Int32(column)) else { return nil }
    let count = Int(sqlite3_column_bytes(pointer, Int32(column)))
    return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
  }

  /// - Throws: `DatabaseError` where the row has none, as only a damaged database has it.
  func presentText(_ column: Int) throws -> String { try present(text(column)) }

  /// nil where the row has none.
  func number(_ column: Int) -> Int? {
    let number = sqlite3_column_int64(pointer, Int32(column))
    return number == 0 && sqlite3_column_type(pointer, Int32(column)) == SQLITE_NULL ? nil : Int(number)
  }

  /// - Throws: `DatabaseError` where the row has none, as only a damaged database has it.
  func presentNumber(_ column: Int) throws -> Int { try present(number(column)) }

  private func present<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
    return value
  }
}
