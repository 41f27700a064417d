import Files
import GRDB
import GRDBSQLite
import InventoryModel
import Synchronization
import TextFormats

/// How a read-only connection accesses a database. It writes nothing, leaves no files behind and does not disturb a run
/// in progress.
///
/// By default, SQLite creates two files beside a database with a write-ahead log, even for reading: the log and the
/// log's index. The options that avoid this depend on which files exist and on the permissions of this process.
package final class ReadingAccess: Sendable {
  /// What SQLite opens: a path, or a URI with options (<https://www.sqlite.org/uri.html>). Debian's SQLite is built to
  /// accept URIs everywhere (SQLITE_USE_URI).
  let name: String
  /// SQL to execute on a new connection before anything is read.
  let setup: String
  let file: DatabaseFile
  /// How to wait while another connection holds the database.
  let lockWait: LockWait
  /// A connection that could write. It keeps SQLite's files in place, and removes them when it closes.
  private let keeper: Mutex<DirectConnection?>
  /// The state that must not change, if SQLite would not notice a change; nil if it would.
  private let unchanging: Trace?

  /// The ways to open a database, in the order in which they are tried.
  private enum Way {
    /// With the usual locks and files, beside a connection that could write. A connection that can't write would leave
    /// the files behind.
    case besideKeeper
    /// With the usual locks. No files are created.
    case plain
    /// With the log's index that other connections maintain or that a killed process has left behind. The index is not
    /// written to.
    case sharedIndex
    /// With a private index and without locks, because no existing index can be read.
    case ownIndex
    /// The database file alone, without locks. There is no log, and no process may create one here.
    case databaseAlone
  }

  /// Opens a connection in the first way that works.
  ///
  /// - Parameters:
  ///   - sharing: whether a run may start meanwhile. If not, no files are created beside the database, not even
  ///     briefly.
  ///   - lockWait: how to wait while another connection holds the database.
  ///   - connect: opens the connection, and reads something.
  /// - Throws: `FileError` if the database can't be read, `LedgerError.halfDone`, and any error that `connect` throws.
  static func open<Connection>(
    _ file: DatabaseFile, sharing: Bool, lockWait: LockWait, _ connect: (ReadingAccess) throws -> Connection
  ) throws -> Connection {
    try file.checkReading()
    let trace = Trace(file)
    var failure: DatabaseError?
    for way in ways(to: file, sharing: sharing) {
      guard let access = ReadingAccess(way, to: file, trace, lockWait) else { continue }
      do {
        return try connect(access)
      } catch let error as DatabaseError
        where error.resultCode == .SQLITE_CANTOPEN || error.resultCode == .SQLITE_READONLY
      {
        failure = failure ?? error
      }
    }
    if hasContent(file.rollbackJournal) { throw LedgerError.halfDone(path: file.given) }
    throw failure ?? DatabaseError(resultCode: .SQLITE_CANTOPEN)
  }

  private static func ways(to file: DatabaseFile, sharing: Bool) -> [Way] {
    // SQLite checks whether the journal belongs to an unfinished change. Only a process that may write can roll it
    // back.
    if hasContent(file.rollbackJournal) { return [.plain] }
    if hasContent(file.log) { return [.sharedIndex, .ownIndex] }
    guard sharing else { return [.databaseAlone] }
    // If only one of these files exists, SQLite would create the other.
    let areBothThere = FileStatus(path: file.log) != nil && FileStatus(path: file.index) != nil
    return [.besideKeeper] + (areBothThere ? [.sharedIndex] : []) + [.databaseAlone]
  }

  private static func hasContent(_ path: String) -> Bool { FileStatus(path: path)?.size ?? 0 > 0 }

  /// - Returns: nil if this way is not available.
  private init?(_ way: Way, to file: DatabaseFile, _ trace: Trace, _ lockWait: LockWait) {
    self.file = file
    self.lockWait = lockWait
    let uri = "file:" + PercentEncoding.encode(file.path)
    switch way {
    case .plain, .besideKeeper: (name, setup, unchanging) = (file.path, "", nil)
    case .sharedIndex: (name, setup, unchanging) = (uri + "?mode=ro&readonly_shm=1", "", nil)
    // With exclusive locking, SQLite keeps the index in memory. The VFS `unix-none` locks nothing.
    case .ownIndex:
      (name, setup, unchanging) = (uri + "?mode=ro&vfs=unix-none", "PRAGMA locking_mode = EXCLUSIVE;", trace)
    case .databaseAlone: (name, setup, unchanging) = (uri + "?immutable=1", "", trace)
    }
    if case .besideKeeper = way {
      guard let keeper = Self.keeper(of: file, lockWait) else { return nil }
      self.keeper = Mutex(keeper)
    } else {
      keeper = Mutex(nil)
    }
  }

  /// Opens the connection that could write; nil if the database is not writable.
  private static func keeper(of file: DatabaseFile, _ lockWait: LockWait) -> sending DirectConnection? {
    guard FileStatus.isWritable(file.path) else { return nil }
    let keeper = try? DirectConnection(file.path, flags: SQLITE_OPEN_READWRITE, lockWait: lockWait)
    guard let keeper, sqlite3_db_readonly(keeper.pointer, "main") == 0,
      (try? keeper.number("PRAGMA user_version")) != nil
    else { return nil }
    return keeper
  }

  /// Closes the connection that could write. Call this when the reading connection is closed.
  func release() { keeper.withLock { $0 = nil } }

  /// Throws an error if the database has changed and SQLite could not notice it. The data may then come from two
  /// states.
  package func checkUnchanged() throws(LedgerError) {
    guard let unchanging, unchanging != Trace(file) else { return }
    throw .cannotRead(
      path: file.given,
      reason:
        "it changed while being read, and this user lacks the permission to read a snapshot; run the command again"
    )
  }

  /// A fingerprint of a database, for detecting changes.
  ///
  /// Two fingerprints are equal exactly when the content behind the first still exists: nobody has written to the
  /// database file itself, or restarted its log, in between.
  private struct Trace: Equatable {
    let version: FileStatus.Version?
    /// The log's header. Its salts change when the log restarts (<https://www.sqlite.org/fileformat.html> §4.1). Empty
    /// if the log is empty or missing.
    let logHeader: [UInt8]

    init(_ file: DatabaseFile) {
      version = FileStatus(path: file.path)?.version
      let log = try? InputFile(path: file.log)
      logHeader = Array((try? log?.read())?.prefix(32) ?? [])
    }
  }
}
