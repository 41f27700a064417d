import Files
import GRDB

/// The database in which a run's rows are kept from the first to the last, and its history stays.
///
/// One connection writes while others read (write-ahead log). What is committed survives the end of the process and of
/// the machine's power.
package final class Ledger: Sendable {
  package let path: String
  let pool: DatabasePool

  /// Opens the database, makes it when it is not there, and brings its schema up to date.
  ///
  /// A file that is not a ledger of this or an older program is left untouched.
  package init(path: String) throws(LedgerError) {
    self.path = path
    do {
      try Self.inspect(path)
      var configuration = Configuration()
      configuration.busyMode = .timeout(5)
      configuration.maximumReaderCount = 2
      configuration.prepareDatabase { db in
        // The size limit gives the log's space back after the list.
        try db.execute(sql: "PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -2000")
      }
      pool = try DatabasePool(path: path, configuration: configuration)
      // A commit is on the disk when it returns. The library sets NORMAL, under which a power failure takes the last.
      try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
      // Whoever only reads need not wait until a run has written.
      if try pool.read(Schema.isOutdated) { try pool.write(Schema.migrate) }
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

  /// Merges the log into the database and closes it. The ledger can't be used afterwards.
  package func close() throws(LedgerError) {
    // The last connection to go merges the log, and a reader can't.
    pool.invalidateReadOnlyConnections()
    try writing { try pool.close() }
  }

  /// The files that SQLite makes for a database.
  package static func files(ofDatabase path: String) -> [String] {
    ["", "-wal", "-shm", "-journal"].map { path + $0 }
  }

  /// Refuses what is not ours, and leaves it as it is.
  private static func inspect(_ path: String) throws {
    guard let status = FileStatus(path: path) else { return }
    guard !status.isDirectory else { throw LedgerError.cannotOpen(path: path, reason: "it is a directory") }
    let companions = files(ofDatabase: path).dropFirst().filter { FileStatus(path: $0) == nil }
    do {
      try check(path)
    } catch {
      // Even to read, SQLite may have to make them.
      companions.forEach(Folder.removeFile)
      throw error
    }
  }

  private static func check(_ path: String) throws {
    let marks: Marks
    do {
      marks = try self.marks(of: path, readonly: true)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
      // A process was killed while it changed the database; what it has left undone is undone by whoever may write.
      marks = try self.marks(of: path, readonly: false)
    }
    if marks == Marks() { return }
    guard marks.owner == Schema.applicationID else { throw LedgerError.foreign(path: path) }
    guard marks.version <= Schema.version else {
      throw LedgerError.newer(path: path, version: marks.version, known: Schema.version)
    }
  }

  /// What tells whose a database is; all zero in an empty one.
  private struct Marks: Equatable {
    var owner = 0
    var version = 0
    var tables = 0
  }

  private static func marks(of path: String, readonly: Bool) throws -> Marks {
    var configuration = Configuration()
    configuration.readonly = readonly
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    let marks = try queue.read { db in
      Marks(
        owner: try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0,
        version: try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0,
        tables: try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0)
    }
    try queue.close()
    return marks
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
