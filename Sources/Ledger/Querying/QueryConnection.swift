import Files
import GRDB
import GRDBSQLite
import InventoryModel

/// A connection to a ledger that can't write, whatever statement it is given.
///
/// It goes through SQLite's own interface: GRDB keeps the authorizer to itself, and tells neither where in a statement an
/// error is nor what follows it. A run that is at work on the database goes on undisturbed; an older database stays as it is, and is read as one of
/// today.
package final class QueryConnection {
  package let path: String
  let connection: SQLiteConnection
  /// Ends the statement that is running, from any thread: ``QueryError/interrupted``.
  package let patience = Patience()
  let gate = ReadingGate()
  private let access: ReadingAccess

  /// - Parameter lockWait: for whoever else holds the database.
  /// - Throws: ``LedgerError``: the file can't be opened, or is no ledger of this or an older program.
  package init(path: String, lockWait: LockWait = LockWait()) throws(LedgerError) {
    self.path = path
    do {
      (connection, access) = try ReadingAccess.open(DatabaseFile(path), sharing: true, lockWait: lockWait) { access in
        let connection = try SQLiteConnection(access)
        _ = try connection.number("PRAGMA user_version")
        return (connection, access)
      }
      let version = try Self.version(of: connection, path)
      if version > 0, version < Schema.version {
        try connection.execute(
          Schema.fillingIn { [connection] in
            try connection.texts("SELECT name FROM pragma_table_info('\($0)', 'main')")
          })
      }
      try connection.execute("PRAGMA query_only = 1; PRAGMA trusted_schema = 0; PRAGMA cache_size = -8000")
    } catch {
      throw LedgerError(reading: error, path: path)
    }
    // What double quotes enclose is a name, and not a text where there is no such name.
    _disableDoubleQuotedStringLiterals(connection.pointer)
    gate.guardConnection(connection)
    patience.watch(connection)
  }

  /// Makes sure that what was read is of one moment, where SQLite could not see to it.
  func checkUnchanged() throws(LedgerError) { try access.checkUnchanged() }

  private static func version(of connection: SQLiteConnection, _ path: String) throws -> Int {
    let owner = try connection.number("PRAGMA application_id")
    let version = try connection.number("PRAGMA user_version")
    let isEmpty = try owner == 0 && version == 0 && connection.number("SELECT count(*) FROM sqlite_schema") == 0
    guard isEmpty || owner == Schema.applicationID else { throw LedgerError.foreign(path: path) }
    guard version <= Schema.version else {
      throw LedgerError.newer(path: path, version: version, known: Schema.version)
    }
    return version
  }
}
