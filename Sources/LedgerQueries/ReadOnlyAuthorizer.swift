import GRDBSQLite
import Ledger
import Synchronization

/// The authorizer that SQLite calls while it compiles a statement. It allows only reading this one database.
///
/// The connection is already read-only. The authorizer also blocks what would not write to the database: other files
/// (ATTACH, VACUUM INTO), temporary tables, and the settings that keep the connection read-only.
final class ReadOnlyAuthorizer: Sendable {
  private let refusal = Mutex<String?>(nil)

  /// Returns what was refused since the last call, and clears it; nil if nothing was refused.
  func takeRefusal() -> String? {
    refusal.withLock { refusal in
      defer { refusal = nil }
      return refusal
    }
  }

  /// Installs the authorizer on a connection. It must outlive the connection's statements.
  func guardConnection(_ connection: DirectConnection) {
    sqlite3_set_authorizer(
      connection.pointer,
      { context, action, first, second, _, _ in
        guard let context else { return SQLITE_DENY }
        let authorizer = Unmanaged<ReadOnlyAuthorizer>.fromOpaque(context).takeUnretainedValue()
        return authorizer.opens(for: action, first.map { String(cString: $0) }, second.map { String(cString: $0) })
          ? SQLITE_OK : SQLITE_DENY
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// The actions and their arguments: https://www.sqlite.org/c3ref/c_alter_table.html
  private func opens(for action: Int32, _ first: String?, _ second: String?) -> Bool {
    let refused: String
    switch action {
    case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: return true
    // SQLite declares table-valued functions such as json_each this way. A real table can't be created: the file is
    // read-only.
    case SQLITE_CREATE_TABLE: return true
    case SQLITE_INSERT, SQLITE_UPDATE:
      if first == "sqlite_master" { return true }
      refused = "this statement"
    case SQLITE_FUNCTION:
      if second?.lowercased() != "load_extension" { return true }
      refused = "load_extension()"
    case SQLITE_PRAGMA:
      let name = first?.lowercased() ?? ""
      if Self.describing.contains(name) || second == nil && Self.telling.contains(name) { return true }
      refused = "PRAGMA \(name)"
    case SQLITE_ATTACH: refused = "ATTACH or VACUUM"
    default: refused = "this statement"
    }
    refusal.withLock { $0 = refused }
    return false
  }

  /// Pragmas that only return information. Their argument names what to describe.
  private static let describing: Set = [
    "collation_list", "compile_options", "database_list", "foreign_key_check", "foreign_key_list", "function_list",
    "index_info", "index_list", "index_xinfo", "integrity_check", "module_list", "pragma_list", "quick_check",
    "table_info", "table_list", "table_xinfo",
  ]

  /// Pragmas that return a value without an argument, and set the value with one.
  private static let telling: Set = [
    "application_id", "data_version", "encoding", "freelist_count", "journal_mode", "page_count", "page_size",
    "query_only", "schema_version", "user_version",
  ]
}
