import GRDB
import GRDBSQLite
package import Ledger

/// A connection to a ledger that can't write, whatever statement it runs.
///
/// It uses SQLite's own interface, because GRDB does not expose the authorizer, the position of an error in a statement
/// or the text after a statement. A run in progress is not disturbed. An older database does not change, and is read as
/// if it had the current schema.
package final class QueryConnection {
  package let path: String
  let connection: DirectConnection
  /// Ends the running statement, from any thread, with ``QueryError/interrupted``.
  package let deadline = QueryDeadline()
  let authorizer = ReadOnlyAuthorizer()
  private let access: ReadingAccess

  /// - Parameter lockWait: how to wait while another connection holds the database.
  /// - Throws: ``LedgerError`` if the file can't be opened, or is not a ledger of this version or an older one.
  package init(path: String, lockWait: LockWait = LockWait()) throws(LedgerError) {
    self.path = path
    (connection, access) = try DirectConnection.reading(ledgerAt: path, lockWait: lockWait)
    do {
      try connection.execute("PRAGMA query_only = 1; PRAGMA trusted_schema = 0; PRAGMA cache_size = -8000")
    } catch {
      throw LedgerError(reading: error, path: path)
    }
    // Text in double quotes is always a name. By default, SQLite reads it as a string if there is no such name.
    _disableDoubleQuotedStringLiterals(connection.pointer)
    authorizer.guardConnection(connection)
    deadline.watch(connection)
  }

  /// Verifies that all reads saw the same state, if SQLite could not guarantee it.
  func checkUnchanged() throws(LedgerError) { try access.checkUnchanged() }
}
