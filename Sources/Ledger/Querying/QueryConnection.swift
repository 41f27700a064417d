import Files
import GRDB
import GRDBSQLite
import InventoryModel

/// A connection to a ledger that can't write, whatever statement it is given.
///
/// It goes through SQLite's own interface: GRDB keeps the authorizer to itself, and tells neither where in a statement an
/// error is nor what follows it. A run that is at work on the database goes on undisturbed; an older schema stays as it is.
package final class QueryConnection {
  package let path: String
  /// Whether the database lacks some of the schema that this program knows.
  package let isOutdated: Bool
  let connection: SQLiteConnection
  /// Ends the statement that is running, from any thread: ``QueryError/interrupted``.
  package let patience = Patience()
  let gate = ReadingGate()
  /// How the files were when SQLite was told that they don't change; nil where it looks itself.
  private let still: [FileStatus.Version?]?

  /// - Throws: ``LedgerError``: the file can't be opened, or is no ledger of this or an older program.
  package init(path: String) throws(LedgerError) {
    self.path = path
    do {
      if FileStatus(path: path)?.isDirectory == true {
        throw LedgerError.folder(path)
      }
      (connection, still) = try Self.open(path)
      isOutdated = try Self.version(of: connection, path) < Schema.version
      try connection.execute("PRAGMA query_only = 1; PRAGMA trusted_schema = 0; PRAGMA cache_size = -8000")
    } catch let error as LedgerError {
      throw error
    } catch {
      throw LedgerError(error, path: path, opening: true)
    }
    // What double quotes enclose is a name, and not a text where there is no such name.
    _disableDoubleQuotedStringLiterals(connection.pointer)
    gate.guardConnection(connection)
    patience.watch(connection)
  }

  /// Where SQLite could not see changes, and there were some, what was read may be of two states.
  func checkStillness() throws(LedgerError) {
    guard let still, still != Self.versions(path) else { return }
    throw .cannotOpen(path: path, reason: "it was changed while it was read, from a read-only folder; ask again")
  }

  private static func open(_ path: String) throws -> (SQLiteConnection, still: [FileStatus.Version?]?) {
    let before = versions(path)
    // What a killed process has left is none of a reader's business.
    let isSettled = before[1] == nil && FileStatus(path: path + "-journal") == nil
    do {
      let keeper = isSettled ? keeper(path) : nil
      let connection = try SQLiteConnection(path, flags: SQLITE_OPEN_READONLY, keeper: keeper)
      _ = try connection.number("PRAGMA user_version")
      return (connection, nil)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
      throw LedgerError.cannotOpen(
        path: path, reason: "a process was killed while it wrote; report, changes or runs puts it in order")
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN && before[0] != nil && isSettled {
      // Where SQLite can't make the files through which connections tell each other of changes, it can still read as long
      // as nothing changes.
      let connection = try SQLiteConnection(
        "file:\(PercentEncoding.encode(path))?immutable=1", flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
      return (connection, before)
    }
  }

  /// A connection that only holds the place: SQLite has to make two files beside the database even to read, and a
  /// connection that can't write would leave them there. nil where there is no writing, or nothing to be opened.
  private static func keeper(_ path: String) -> SQLiteConnection? {
    let keeper = try? SQLiteConnection(path, flags: SQLITE_OPEN_READWRITE)
    guard let keeper, sqlite3_db_readonly(keeper.pointer, "main") == 0,
      (try? keeper.number("PRAGMA user_version")) != nil
    else { return nil }
    return keeper
  }

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

  /// Of the database, and of its log unless that is empty.
  private static func versions(_ path: String) -> [FileStatus.Version?] {
    let log = FileStatus(path: path + "-wal")?.version
    return [FileStatus(path: path)?.version, log?.size == 0 ? nil : log]
  }
}
