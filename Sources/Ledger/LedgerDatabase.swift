import Files
import GRDB
import GRDBSQLite
import InventoryModel

/// The database that stores the rows of every run, and the history of all runs.
///
/// One connection writes while others read (write-ahead log). Committed data survives a crash of the process and a
/// power failure.
package final class LedgerDatabase: Sendable {
  package let path: String
  /// A pool, or a queue if no other connection shares the database.
  let pool: any DatabaseWriter
  /// How to wait while another connection holds the database.
  let lockWait: LockWait
  /// nil for a temporary database.
  let file: DatabaseFile?
  /// How a read-only database is accessed; nil for any other database.
  private let access: ReadingAccess?

  private init(temporary pool: DatabaseQueue, path: String) {
    self.path = path
    self.pool = pool
    (file, access) = (nil, nil)
    lockWait = LockWait()
  }

  init(path: String, reading pool: DatabaseQueue, _ access: ReadingAccess) {
    self.path = path
    self.pool = pool
    self.access = access
    file = access.file
    lockWait = access.lockWait
  }

  /// Whether a connection is waiting because another program holds the database.
  package var isHeldUp: Bool { lockWait.isWaiting }

  /// Opens a ledger that exists only while it is open. It is an unnamed file in the system's temporary folder, which
  /// SQLite uses only when the data exceeds a small cache in memory.
  package static func temporary() throws(LedgerError) -> LedgerDatabase {
    let path = "the temporary database"
    do {
      var configuration = Configuration()
      configuration.prepareDatabase { db in
        try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -2000")
      }
      // An empty path stands for such a file in SQLite.
      let queue = try DatabaseQueue(path: "", configuration: configuration)
      try queue.writeWithoutTransaction { db in try Schema.migrate(db) }
      return LedgerDatabase(temporary: queue, path: path)
    } catch {
      throw LedgerError(error, path: path, opening: true)
    }
  }

  /// Opens the database, creates it if it does not exist, and migrates its schema to the current version.
  ///
  /// A file that is not a ledger of this version or an older one is left unchanged.
  ///
  /// - Parameter lockWait: how to wait while another connection holds the database, at any time while it is open.
  package init(path: String, lockWait: LockWait = LockWait()) throws(LedgerError) {
    self.path = path
    self.lockWait = lockWait
    let file = DatabaseFile(path)
    self.file = file
    access = nil
    do {
      try Self.inspect(file, path, lockWait)
      var configuration = Configuration()
      lockWait.apply(to: &configuration, path: path)
      configuration.maximumReaderCount = 2
      configuration.prepareDatabase { db in
        // The size limit shrinks the log file after the import. A checkpoint every 400 pages (SQLite's default is 1000)
        // leaves less work for the end of a run. The cache, in KiB, holds a list of usual length, which is read several
        // times. Larger pages, which only a new database gets, waste less space when rows grow, and need fewer writes.
        try db.execute(
          sql: """
            PRAGMA page_size = 8192; PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 400;
            PRAGMA cache_size = -4000
            """)
      }
      file.create()
      try file.noteName()
      pool = try lockWait.patiently(path) { try DatabasePool(path: file.path, configuration: configuration) }
      // A commit is on disk when it returns. GRDB's default is NORMAL, with which a power failure loses the last
      // commits.
      try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
      // A reader checks the version, so that opening does not wait for a run that is writing.
      if try pool.read(Schema.isOutdated) { try pool.writeWithoutTransaction { db in try Schema.migrate(db) } }
    } catch let error as LedgerError {
      throw error
    } catch {
      throw LedgerError(error, path: path, opening: true)
    }
  }

  /// How the writer syncs (`PRAGMA synchronous`); 2 is FULL.
  var synchronous: Int? {
    get throws { try pool.writeWithoutTransaction { db in try Int.fetchOne(db, sql: "PRAGMA synchronous") } }
  }

  /// Merges the log into the database as far as concurrent readers and writers allow. Truncates the log if there are
  /// none. Does not wait for other connections.
  package func mergeLog() throws(LedgerError) {
    guard pool is DatabasePool, let file else { return }
    try writing {
      // A separate connection, so that the writer is not blocked.
      let connection = try DirectConnection(file.path, flags: SQLITE_OPEN_READWRITE, lockWait: lockWait)
      try connection.execute("PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)")
    }
  }

  /// Merges the log into the database and closes the database. The ledger can't be used afterwards.
  package func close() throws(LedgerError) {
    // The last connection to close merges the log, and a reader can't do that.
    (pool as? DatabasePool)?.invalidateReadOnlyConnections()
    try writing { try pool.close() }
    access?.release()
  }

  /// Verifies that all reads from a read-only database saw the same state, if SQLite could not guarantee it.
  package func checkUnchanged() throws(LedgerError) { try access?.checkUnchanged() }

  /// Rejects anything that is not a ledger, and leaves it unchanged.
  private static func inspect(_ file: DatabaseFile, _ path: String, _ lockWait: LockWait) throws {
    guard let status = FileStatus(path: file.path) else { return }
    guard !status.isDirectory else {
      throw LedgerError.folder(path)
    }
    let companions = file.files.dropFirst().filter { FileStatus(path: $0) == nil }
    do {
      try check(file, path, lockWait)
    } catch {
      // SQLite may have created these files, even for reading.
      companions.forEach(Folder.removeFile)
      throw error
    }
  }

  private static func check(_ file: DatabaseFile, _ path: String, _ lockWait: LockWait) throws {
    let marks: Marks
    do {
      marks = try self.marks(of: file, readonly: true, lockWait)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
      // A process was killed while it changed the database. Opening the database for writing rolls back the unfinished
      // change.
      marks = try self.marks(of: file, readonly: false, lockWait)
    }
    try marks.check(path)
  }

  private static func marks(of file: DatabaseFile, readonly: Bool, _ lockWait: LockWait) throws -> Marks {
    var configuration = Configuration()
    configuration.readonly = readonly
    lockWait.apply(to: &configuration, path: file.given)
    let queue = try DatabaseQueue(path: file.path, configuration: configuration)
    let marks = try queue.read(Marks.init)
    try queue.close()
    return marks
  }

  /// The values that identify a database's owner; all zero in an empty database.
  struct Marks: Equatable {
    private var owner = 0
    private var version = 0
    private var tables = 0

    init() {}

    init(_ db: Database) throws {
      owner = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
      version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
      tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
    }

    /// Whether the database is still empty.
    var areNone: Bool { self == Marks() }

    /// - Throws: ``LedgerError`` if the database belongs to another program or to a newer version of this program.
    func check(_ path: String) throws(LedgerError) {
      if areNone { return }
      guard owner == Schema.applicationID else { throw .foreign(path: path) }
      guard version <= Schema.version else {
        throw .newer(path: path, version: version, known: Schema.version)
      }
    }
  }

  /// Runs an operation, and converts its error to a ``LedgerError`` for this database.
  func writing<Value>(_ operation: () throws -> Value) throws(LedgerError) -> Value {
    do {
      return try operation()
    } catch let error as LedgerError {
      throw error
    } catch {
      throw LedgerError(error, path: path, opening: false)
    }
  }
}
