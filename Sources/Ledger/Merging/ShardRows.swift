import Files
import GRDB
import GRDBSQLite
import InventoryModel

/// One shard's rows in list order. They are read through SQLite's own interface: values pass from statement to
/// statement unchanged, without conversion to Swift types.
final class ShardRows {
  /// The columns that are copied. The columns of comparisons are computed again.
  static let columns = (RecordField.listed + RecordField.answered).map(\.column) + ["request_line"]

  private static let lineColumn = Int32(columns.firstIndex(of: "line") ?? 0)
  private static let projectColumn = Int32(columns.firstIndex(of: "project_id") ?? 0)

  let source: ShardSource
  /// The line of the current row; nil after the last row.
  private(set) var line: Int?
  private let connection: DirectConnection
  private let statement: OpaquePointer

  /// Opens the shard's database and reads the first row.
  ///
  /// - Parameter lockWait: how to wait while another connection holds the database.
  /// - Throws: `DatabaseError`, `FileError` and ``LedgerError``.
  init(_ source: ShardSource, lockWait: LockWait) throws {
    self.source = source
    connection = try ReadingAccess.open(DatabaseFile(source.path), sharing: false, lockWait: lockWait) { access in
      let connection = try DirectConnection(access)
      _ = try connection.number("PRAGMA user_version")
      return connection
    }
    // A small cache is enough, because each page is read only once.
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

  /// Calls the body with the UTF-8 of the current row's project ID.
  func withProjectID<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
    let text = sqlite3_column_text(statement, Self.projectColumn)
    return body(UnsafeRawBufferPointer(start: text, count: Int(sqlite3_column_bytes(statement, Self.projectColumn))))
  }

  /// Binds the current row to an insertion whose parameters are ``columns``.
  func bind(to insertion: OpaquePointer) {
    for index in 0..<Int32(Self.columns.count) {
      _ = sqlite3_bind_value(insertion, index + 1, sqlite3_column_value(statement, index))
    }
  }
}
