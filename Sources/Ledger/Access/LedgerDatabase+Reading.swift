import Files
import GRDB

extension LedgerDatabase {
  /// Opens an existing database for reading. Creates and migrates nothing, and needs only read permission.
  ///
  /// All reads see the state at the time of opening, including log content that a killed process has left behind.
  ///
  /// - Parameters:
  ///   - sharing: whether a run may start while the database is open.
  ///   - lockWait: how to wait while another connection holds the database.
  /// - Returns: nil if the database does not exist or is empty.
  /// - Throws: ``LedgerError``; ``LedgerError/cannotRead(path:reason:)`` if a permission is missing.
  package static func reading(
    _ path: String, sharing: Bool = true, lockWait: LockWait = LockWait()
  ) throws(LedgerError) -> LedgerDatabase? {
    do {
      return try ReadingAccess.open(DatabaseFile(path), sharing: sharing, lockWait: lockWait) { access in
        let queue = try connection(by: access)
        let marks = try queue.read(Marks.init)
        try marks.check(path)
        guard !marks.areNone else {
          try queue.close()
          access.release()
          return nil
        }
        try queue.read { db in
          guard try Schema.isOutdated(db) else { return }
          try db.execute(
            sql: Schema.fillingIn { table in
              try String.fetchAll(db, sql: "SELECT name FROM pragma_table_info(?, 'main')", arguments: [table])
            })
        }
        return LedgerDatabase(path: path, reading: queue, access)
      }
    } catch let error as FileError where error.isMissing {
      return nil
    } catch {
      throw LedgerError(reading: error, path: path)
    }
  }

  /// Opens the database in the state that a new run would find, without changing anything.
  ///
  /// No other process may be using the database.
  ///
  /// - Parameter lockWait: how to wait while another connection holds the database.
  /// - Returns: nil if the run would start with an empty database.
  /// - Throws: ``LedgerError``.
  package static func looking(into path: String, lockWait: LockWait = LockWait()) throws(LedgerError) -> LedgerDatabase?
  {
    do {
      return try reading(path, sharing: false, lockWait: lockWait)
    } catch .halfDone {
      // A process was killed while it created the database. Until there is a log, the database is empty, and the next
      // process that writes rolls back the rest.
      return nil
    }
  }

  /// Opens a connection that performs all reads in one transaction. A concurrent run does not change what is read.
  private static func connection(by access: ReadingAccess) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    access.lockWait.apply(to: &configuration, path: access.file.given)
    configuration.allowsUnsafeTransactions = true
    configuration.prepareDatabase { [setup = access.setup] db in
      try db.execute(sql: "\(setup) PRAGMA cache_size = -4000")
    }
    let queue = try DatabaseQueue(path: access.name, configuration: configuration)
    try queue.inDatabase { db in
      try db.beginTransaction(.deferred)
      _ = try Marks(db)
    }
    return queue
  }
}
