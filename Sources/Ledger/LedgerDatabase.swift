import Files
import GRDB
import GRDBSQLite
import InventoryModel

/// The database in which a run's rows are kept from the first to the last, and its history stays.
///
/// One connection writes while others read (write-ahead log). What is committed survives the end of the process and of
/// the machine's power.
package final class LedgerDatabase: Sendable {
  package let path: String
  /// A pool, but where there is nobody to share with.
  let pool: any DatabaseWriter
  /// For whoever else holds the database.
  let lockWait: LockWait
  /// nil for a temporary one.
  let file: DatabaseFile?
  /// Of one that is only read.
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

  /// Whether the database is waited for that another program holds.
  package var isHeldUp: Bool { lockWait.isWaiting }

  /// A ledger that is there only as long as it is open: a file without a name in the system's folder for temporary ones,
  /// used once it has outgrown a small memory.
  package static func temporary() throws(LedgerError) -> LedgerDatabase {
    let path = "the temporary database"
    do {
      var configuration = Configuration()
      configuration.prepareDatabase { db in
        try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -2000")
      }
      // SQLite's name for such a file.
      let queue = try DatabaseQueue(path: "", configuration: configuration)
      try queue.writeWithoutTransaction { db in try Schema.migrate(db) }
      return LedgerDatabase(temporary: queue, path: path)
    } catch {
      throw LedgerError(error, path: path, opening: true)
    }
  }

  /// Opens the database, makes it when it is not there, and brings its schema up to date.
  ///
  /// A file that is not a ledger of this or an older program is left untouched.
  ///
  /// - Parameter lockWait: for whoever else holds the database, at any time while it is open.
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
        // The size limit gives the log's space back after the list. The log is merged before it is long (400 pages; SQLite's
        // own default is 1000), so that there is less to do for it at the end of a run. The cache, in KiB, holds what a list
        // of usual length is read for several times. Larger pages, which only a new database gets, take rows that grow with
        // less space lost, and fewer writes.
        try db.execute(
          sql: """
            PRAGMA page_size = 8192; PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 400;
            PRAGMA cache_size = -4000
            """)
      }
      file.create()
      try file.noteName()
      pool = try lockWait.patiently(path) { try DatabasePool(path: file.path, configuration: configuration) }
      // A commit is on the disk when it returns. The library sets NORMAL, under which a power failure takes the last.
      try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
      // Whoever only reads need not wait until a run has written.
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

  /// Merges the log into the database, as much as those allow who read and write meanwhile, and gives its space back where
  /// nobody does. Waits for nobody.
  package func mergeLog() throws(LedgerError) {
    guard pool is DatabasePool, let file else { return }
    try writing {
      // A connection of its own, so that the writer goes on.
      let connection = try DirectConnection(file.path, flags: SQLITE_OPEN_READWRITE, lockWait: lockWait)
      try connection.execute("PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)")
    }
  }

  /// Merges the log into the database and closes it. The ledger can't be used afterwards.
  package func close() throws(LedgerError) {
    // The last connection to go merges the log, and a reader can't.
    (pool as? DatabasePool)?.invalidateReadOnlyConnections()
    try writing { try pool.close() }
    access?.release()
  }

  /// Makes sure that all that was read of a database which is only read is of one moment, where SQLite could not see to it.
  package func checkUnchanged() throws(LedgerError) { try access?.checkUnchanged() }

  /// Refuses what is not ours, and leaves it as it is.
  private static func inspect(_ file: DatabaseFile, _ path: String, _ lockWait: LockWait) throws {
    guard let status = FileStatus(path: file.path) else { return }
    guard !status.isDirectory else {
      throw LedgerError.folder(path)
    }
    let companions = file.files.dropFirst().filter { FileStatus(path: $0) == nil }
    do {
      try check(file, path, lockWait)
    } catch {
      // Even to read, SQLite may have to make them.
      companions.forEach(Folder.removeFile)
      throw error
    }
  }

  private static func check(_ file: DatabaseFile, _ path: String, _ lockWait: LockWait) throws {
    let marks: Marks
    do {
      marks = try self.marks(of: file, readonly: true, lockWait)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
      // A process was killed while it changed the database; what it has left undone is undone by whoever may write.
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

  /// What tells whose a database is; all zero in an empty one.
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

    /// Whether nothing is in the database yet.
    var areNone: Bool { self == Marks() }

    /// - Throws: ``LedgerError`` for a database that is not ours, or newer than this program.
    func check(_ path: String) throws(LedgerError) {
      if areNone { return }
      guard owner == Schema.applicationID else { throw .foreign(path: path) }
      guard version <= Schema.version else {
        throw .newer(path: path, version: version, known: Schema.version)
      }
    }
  }

  /// Runs an operation, telling its failure by the ledger's file.
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
