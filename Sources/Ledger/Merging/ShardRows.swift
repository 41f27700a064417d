import Files
import GRDB
import GRDBSQLite
import InventoryModel

/// One shard's rows in list order. They go through SQLite's own interface: values pass from statement to statement as they
/// are, without becoming Swift's.
final class ShardRows {
  /// The columns that are copied. Those of comparisons are computed again.
  static let columns = (RecordField.listed + RecordField.answered).map(\.column) + ["request_line"]

  private static let lineColumn = Int32(columns.firstIndex(of: "line") ?? 0)
  private static let projectColumn = Int32(columns.firstIndex(of: "project_id") ?? 0)

  let source: ShardSource
  /// Of the row that is at hand; nil after the last.
  private(set) var line: Int?
  private let connection: DirectConnection
  private let statement: OpaquePointer

  /// The first row is at hand at once.
  ///
  /// - Parameter lockWait: for whoever else holds the database.
  /// - Throws: `DatabaseError`, `FileError` and ``LedgerError``.
  init(_ source: ShardSource, lockWait: LockWait) throws {
    self.source = source
    connection = try ReadingAccess.open(DatabaseFile(source.path), sharing: false, lockWait: lockWait) { access in
      let connection = try DirectConnection(access)
      _ = try connection.number("PRAGMA user_version")
      return connection
    }
    // Each page is read once.
    try connection.execute("PRAGMA cache_size = -128")
    var statement: OpaquePointer?
    let sql = "SELECT \(Self.columns.joined(separator: ", ")) FROM results WHERE run_id = ? ORDER BY line"
    try connection.check(sqlite3_prepare_v2(connection.pointer, sql, -1, &statement, nil))
    guard let statement else { throw connection.lastError }
    self.statement = statement
    try connection.check(sqlite3_bind_int64(statement, 1, source.record.id))
    try advance()
  }

  deinit { sqlite3_finalize(statement) }

  func advance() throws {
    switch sqlite3_step(statement) {
    case SQLITE_ROW: line = Int(sqlite3_column_int64(statement, Self.lineColumn))
    case SQLITE_DONE: line = nil
    default: throw connection.lastError
    }
  }

  /// Calls the body with the UTF-8 of the ID at hand.
  func withProjectID<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
    let text = sqlite3_column_text(statement, Self.projectColumn)
    return body(UnsafeRawBufferPointer(start: text, count: Int(sqlite3_column_bytes(statement, Self.projectColumn))))
  }

  /// Hands the row at hand to an insertion whose parameters are ``columns``.
  func bind(to insertion: OpaquePointer) {
    for index in 0..<Int32(Self.columns.count) {
      _ = sqlite3_bind_value(insertion, index + 1, sqlite3_column_value(statement, index))
    }
  }
}
