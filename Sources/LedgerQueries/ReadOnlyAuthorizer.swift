import GRDBSQLite
import Ledger
import Synchronization

/// What SQLite asks before it compiles a part of a statement: nothing passes but reading this one database.
///
/// The connection is read-only anyhow. This keeps out, besides, what would not write to the database: other files (ATTACH,
/// VACUUM INTO), temporary tables, and the settings that keep the connection so.
final class ReadOnlyAuthorizer: Sendable {
  private let refusal = Mutex<String?>(nil)

  /// What was refused since this was asked last; nil when nothing was.
  func takeRefusal() -> String? {
    refusal.withLock { refusal in
      defer { refusal = nil }
      return refusal
    }
  }

  /// From now on the connection compiles only what this allows. It must outlive the connection's statements.
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
    // SQLite declares table-valued functions such as json_each this way. A real table can't be made: the file is read-only.
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

  /// Pragmas that only tell, and take what they tell of as their argument.
  private static let describing: Set = [
    "collation_list", "compile_options", "database_list", "foreign_key_check", "foreign_key_list", "function_list",
    "index_info", "index_list", "index_xinfo", "integrity_check", "module_list", "pragma_list", "quick_check",
    "table_info", "table_list", "table_xinfo",
  ]

  /// Pragmas that tell when they have no argument, and set something when they have one.
  private static let telling: Set = [
    "application_id", "data_version", "encoding", "freelist_count", "journal_mode", "page_count", "page_size",
    "query_only", "schema_version", "user_version",
  ]
}
