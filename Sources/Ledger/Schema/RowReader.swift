import GRDB
import GRDBSQLite

/// Steps through the rows of a query and reads their columns, counted from 0, through SQLite's own interface.
///
/// GRDB's rows look up the location, type and end of every single value, which takes as long as SQLite takes for the
/// whole row.
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

  /// Advances to the next row; returns false if there is none.
  ///
  /// - Throws: `DatabaseError`.
  func next() throws -> Bool { try rows.next() != nil }

  /// The text of a column; nil if it is null.
  func text(_ column: Int) -> String? {
    // Read the length last: it is the length of the text that the first call has produced.
    guard let text = sqlite3_column_text(pointer, Int32(column)) else { return nil }
    let count = Int(sqlite3_column_bytes(pointer, Int32(column)))
    return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
  }

  /// - Throws: `DatabaseError` if the value is null, which happens only in a damaged database.
  func presentText(_ column: Int) throws -> String { try present(text(column)) }

  /// The number in a column; nil if it is null.
  func number(_ column: Int) -> Int? {
    let number = sqlite3_column_int64(pointer, Int32(column))
    return number == 0 && sqlite3_column_type(pointer, Int32(column)) == SQLITE_NULL ? nil : Int(number)
  }

  /// - Throws: `DatabaseError` if the value is null, which happens only in a damaged database.
  func presentNumber(_ column: Int) throws -> Int { try present(number(column)) }

  private func present<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
    return value
  }
}
