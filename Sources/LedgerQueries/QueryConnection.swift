import GRDB
import GRDBSQLite
package import Ledger

/// A connection to a ledger that can't write, whatever statement it is given.
///
/// It goes through SQLite's own interface: GRDB keeps the authorizer to itself, and tells neither where in a statement an
/// error is nor what follows it. A run that is at work on the database goes on undisturbed; an older database stays as it is, and is read as one of
/// today.
package final class QueryConnection {
  package let path: String
  let connection: DirectConnection
  /// Ends the statement that is running, from any thread: ``QueryError/interrupted``.
  package let deadline = QueryDeadline()
  let authorizer = ReadOnlyAuthorizer()
  private let access: ReadingAccess

  /// - Parameter lockWait: for whoever else holds the database.
  /// - Throws: ``LedgerError``: the file can't be opened, or is no ledger of this or an older program.
  package init(path: String, lockWait: LockWait = LockWait()) throws(LedgerError) {
    self.path = path
    (connection, access) = try DirectConnection.reading(ledgerAt: path, lockWait: lockWait)
    do {
      try connection.execute("PRAGMA query_only = 1; PRAGMA trusted_schema = 0; PRAGMA cache_size = -8000")
    } catch {
      throw LedgerError(reading: error, path: path)
    }
    // What double quotes enclose is a name, and not a text where there is no such name.
    _disableDoubleQuotedStringLiterals(connection.pointer)
    authorizer.guardConnection(connection)
    deadline.watch(connection)
  }

  /// Makes sure that what was read is of one moment, where SQLite could not see to it.
  func checkUnchanged() throws(LedgerError) { try access.checkUnchanged() }
}
