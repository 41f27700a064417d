import GRDB

/// Inserts many rows with one statement, because starting and ending a statement takes SQLite as long as inserting a
/// row.
///
/// Use it in a transaction that is rolled back on any error. If a row fails, the rows before it in the same statement
/// would otherwise stay.
struct RowInsertion {
  /// Maximum number of rows inserted together. The bytes of their texts, which stay in memory until then, are limited
  /// too.
  private static let rowsAtOnce = 64
  private static let bytesAtOnce = 65_536

  private let db: Database
  private let table: String
  private let columns: [String]
  private var statement: RowStatement
  private var rows = 0

  /// - Parameter columns: the columns that each row has a value for, in this order.
  init(_ db: Database, into table: String, _ columns: [String]) throws {
    (self.db, self.table, self.columns) = (db, table, columns)
    statement = try RowStatement(db, sql: Self.sql(table, columns, rows: Self.rowsAtOnce))
  }

  /// Adds a row, and inserts all rows added so far when the limit is reached.
  ///
  /// - Parameter bind: binds the row's values, one for each column.
  mutating func insert(_ bind: (inout RowStatement) -> Void) throws {
    bind(&statement)
    rows += 1
    if rows == Self.rowsAtOnce || statement.byteCount >= Self.bytesAtOnce { try flush() }
  }

  /// Inserts the rows that are not inserted yet.
  mutating func flush() throws {
    guard rows > 0 else { return }
    let fewer =
      rows == Self.rowsAtOnce ? nil : try db.makeStatement(sql: Self.sql(table, columns, rows: rows))
    rows = 0
    try statement.run(fewer)
  }

  /// With `OR FAIL`, SQLite does not need a separate journal for each statement that inserts many rows.
  private static func sql(_ table: String, _ columns: [String], rows: Int) -> String {
    let row = "(\(columns.map { _ in "?" }.joined(separator: ", ")))"
    return "INSERT OR FAIL INTO \(table) (\(columns.joined(separator: ", "))) VALUES "
      + Array(repeating: row, count: rows).joined(separator: ", ")
  }
}
