import Files
import GRDB
import GRDBSQLite
import InventoryModel
import Synchronization
import TextFormats

/// How a connection that only reads gets at a database: nothing is written there, nothing stays beside it, and a run that
/// is at work goes on undisturbed.
///
/// With its write-ahead log, SQLite makes two files beside a database even to read it, the log and the log's index, unless
/// it is told otherwise. What to tell it depends on what is there, and on what this process may do.
package final class ReadingAccess: Sendable {
  /// What SQLite opens: a path, or a URI with options (<https://www.sqlite.org/uri.html>). Debian's is built to understand
  /// those everywhere (SQLITE_USE_URI).
  let name: String
  /// SQL for a new connection, before anything is read.
  let setup: String
  let file: DatabaseFile
  /// For whoever else holds the database.
  let lockWait: LockWait
  /// Holds the place, and takes away in the end what SQLite has made.
  private let keeper: Mutex<DirectConnection?>
  /// What must stay as it is, where SQLite would not notice that it changes; nil where it would.
  private let unchanging: Trace?

  /// In the order in which they are tried.
  private enum Way {
    /// With the usual locks and files, beside a connection that could write: a connection that can't would leave the files
    /// behind.
    case besideKeeper
    /// With the usual locks, and nothing made.
    case plain
    /// With the log's index as others keep it, or as a killed process has left it, which is not written to.
    case sharedIndex
    /// With an index of its own, and without locks: nobody's index can be read.
    case ownIndex
    /// The database alone, without locks: there is no log, and nobody may make one here.
    case databaseAlone
  }

  /// Opens a connection.
  ///
  /// - Parameters:
  ///   - sharing: whether a run may begin meanwhile. Otherwise nothing is made beside the database even for an instant.
  ///   - lockWait: for whoever else holds the database.
  ///   - connect: opens the connection, and reads something.
  /// - Throws: `FileError` where the database can't be read, `LedgerError.halfDone`, and what `connect` throws.
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
    // SQLite finds out whether it belongs to a change that was not finished; whoever may write undoes that.
    if hasContent(file.rollbackJournal) { return [.plain] }
    if hasContent(file.log) { return [.sharedIndex, .ownIndex] }
    guard sharing else { return [.databaseAlone] }
    // With only one of them there, SQLite would make the other.
    let areBothThere = FileStatus(path: file.log) != nil && FileStatus(path: file.index) != nil
    return [.besideKeeper] + (areBothThere ? [.sharedIndex] : []) + [.databaseAlone]
  }

  private static func hasContent(_ path: String) -> Bool { FileStatus(path: path)?.size ?? 0 > 0 }

  /// - Returns: nil where this way is not open.
  private init?(_ way: Way, to file: DatabaseFile, _ trace: Trace, _ lockWait: LockWait) {
    self.file = file
    self.lockWait = lockWait
    let uri = "file:" + PercentEncoding.encode(file.path)
    switch way {
    case .plain, .besideKeeper: (name, setup, unchanging) = (file.path, "", nil)
    case .sharedIndex: (name, setup, unchanging) = (uri + "?mode=ro&readonly_shm=1", "", nil)
    // With exclusive locking SQLite keeps the index in memory, and this kind of file locks nothing.
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

  /// nil where there is no writing.
  private static func keeper(of file: DatabaseFile, _ lockWait: LockWait) -> sending DirectConnection? {
    guard FileStatus.isWritable(file.path) else { return nil }
    let keeper = try? DirectConnection(file.path, flags: SQLITE_OPEN_READWRITE, lockWait: lockWait)
    guard let keeper, sqlite3_db_readonly(keeper.pointer, "main") == 0,
      (try? keeper.number("PRAGMA user_version")) != nil
    else { return nil }
    return keeper
  }

  /// To be called when the connection is closed.
  func release() { keeper.withLock { $0 = nil } }

  /// Where SQLite could not see changes, and there were some, what was read may be of two states.
  ///
  package func checkUnchanged() throws(LedgerError) {
    guard let unchanging, unchanging != Trace(file) else { return }
    throw .cannotRead(
      path: file.given,
      reason: "it was changed while it was read, and a right is missing to keep the two apart; read it again")
  }

  /// The same for two looks at a database exactly when what the first has seen is still there: nobody has written to the
  /// database itself in between, or begun its log anew.
  private struct Trace: Equatable {
    let version: FileStatus.Version?
    /// The log's header, whose salts change when it begins anew (<https://www.sqlite.org/fileformat.html> §4.1); empty
    /// where the log is.
    let logHeader: [UInt8]

    init(_ file: DatabaseFile) {
      version = FileStatus(path: file.path)?.version
      let log = try? InputFile(path: file.log)
      logHeader = Array((try? log?.read())?.prefix(32) ?? [])
    }
  }
}
