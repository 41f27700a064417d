import GRDB

/// Inserts rows many at a time: SQLite takes as long to begin and end a statement as it takes for a row.
///
/// To be used in a transaction that is rolled back when anything throws: of the rows that are inserted together, those
/// before one that fails would stay.
struct RowInsertion {
  /// At most, also in bytes of their texts, which are kept until then.
  private static let rowsAtOnce = 64
  private static let bytesAtOnce = 65_536

  private let db: Database
  private let table: String
  private let columns: [String]
  private var statement: RowStatement
  private var rows = 0

  /// - Parameter columns: those that each row gives a value for, in this order.
  init(_ db: Database, into table: String, _ columns: [String]) throws {
    (self.db, self.table, self.columns) = (db, table, columns)
    statement = try RowStatement(db, sql: Self.sql(table, columns, rows: Self.rowsAtOnce))
  }

  /// Inserts a row, or keeps it until more have come.
  ///
  /// - Parameter bind: gives the row's values, one for each column.
  mutating func insert(_ bind: (inout RowStatement) -> Void) throws {
    bind(&statement)
    rows += 1
    if rows == Self.rowsAtOnce || statement.byteCount >= Self.bytesAtOnce { try flush() }
  }

  /// Inserts what is kept.
  mutating func flush() throws {
    guard rows > 0 else { return }
    let fewer =
      rows == Self.rowsAtOnce ? nil : try db.makeStatement(sql: Self.sql(table, columns, rows: rows))
    rows = 0
    try statement.run(fewer)
  }

  /// `OR FAIL` because it lets SQLite do without a journal of its own for each statement of many rows.
  private static func sql(_ table: String, _ columns: [String], rows: Int) -> String {
    let row = "(\(columns.map { _ in "?" }.joined(separator: ", ")))"
    return "INSERT OR FAIL INTO \(table) (\(columns.joined(separator: ", "))) VALUES "
      + Array(repeating: row, count: rows).joined(separator: ", ")
  }
}
