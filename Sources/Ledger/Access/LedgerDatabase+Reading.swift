import Files
import GRDB

extension LedgerDatabase {
  /// Opens a database to read it: nothing is made, nothing is brought up to date, and the right to read is enough. All that
  /// is read is of the moment of opening, what a killed process has left in the log included.
  ///
  /// - Parameters:
  ///   - sharing: whether a run may begin meanwhile.
  ///   - lockWait: for whoever else holds the database.
  /// - Returns: nil where there is no database yet, or an empty one.
  /// - Throws: ``LedgerError``; ``LedgerError/cannotRead(path:reason:)`` where a right is missing.
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

  /// What a run would find that is to write there, found out without changing anything.
  ///
  /// Nobody else may be at work on it.
  ///
  /// - Parameter lockWait: for whoever else holds the database.
  /// - Returns: nil where the run would begin with an empty database.
  /// - Throws: ``LedgerError``.
  package static func looking(into path: String, lockWait: LockWait = LockWait()) throws(LedgerError) -> LedgerDatabase?
  {
    do {
      return try reading(path, sharing: false, lockWait: lockWait)
    } catch .halfDone {
      // Killed while it made the database: before there is a log, it is empty, and whoever writes undoes the rest.
      return nil
    }
  }

  /// One transaction from the first read to the last: a run that is at work changes nothing of what is read.
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
