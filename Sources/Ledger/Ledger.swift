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
        // FULL: a commit is on the disk when it returns. The size limit gives the log's space back after the list.
        try db.execute(
          sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -2000")
      }
      pool = try DatabasePool(path: path, configuration: configuration)
      try pool.write(Schema.migrate)
    } catch let error as LedgerError {
      throw error
    } catch {
      throw LedgerError(error, path: path, opening: true)
    }
  }

  /// Merges the log into the database and closes it. The ledger can't be used afterwards.
  package func close() throws(LedgerError) {
    // The last connection to go merges the log, and a reader can't.
    pool.invalidateReadOnlyConnections()
    try writing { try pool.close() }
  }

  /// The files that SQLite makes for a database.
  package static func files(ofDatabase path: String) -> [String] { [path, path + "-wal", path + "-shm"] }

  /// Refuses what is not ours, by reading only.
  private static func inspect(_ path: String) throws {
    guard let status = FileStatus(path: path) else { return }
    guard !status.isDirectory else { throw LedgerError.cannotOpen(path: path, reason: "it is a directory") }
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    let (owner, version, tables) = try queue.read { db in
      (
        try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0,
        try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0,
        try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
      )
    }
    try queue.close()
    if owner == 0, version == 0, tables == 0 { return }
    guard owner == Schema.applicationID else { throw LedgerError.foreign(path: path) }
    guard version <= Schema.version else {
      throw LedgerError.newer(path: path, version: version, known: Schema.version)
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
