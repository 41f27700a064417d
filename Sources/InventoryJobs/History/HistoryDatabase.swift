import Files
import InventoryModel
package import Ledger
import TextFormats

/// The database as used by commands that only report its contents. They need only read permission.
package struct HistoryDatabase {
  package let path: String
  package let host: any JobHost

  package init(
    path: String, host: any JobHost
  ) {
    self.path = path
    self.host = host
  }

  /// Runs `body` on a consistent snapshot of the database, without writing anything.
  ///
  /// A run that is using the database is not disturbed. An older database is read as if it had the current format. An
  /// empty one is read as a database without runs.
  ///
  /// - Throws: ``JobFailure``, `LedgerError`, and what `body` throws.
  package func reading<Value>(_ body: (LedgerDatabase) throws -> Value) throws -> Value {
    try Self.requireExistence(of: path)
    let ledger = try LedgerDatabase.reading(path, lockWait: LockWait(host: host)) ?? LedgerDatabase.temporary()
    defer { try? ledger.close() }
    do {
      let value = try body(ledger)
      try ledger.checkUnchanged()
      return value
    } catch let error as LedgerError {
      // If the database changed in a way that SQLite could not detect, this error may be misleading.
      try ledger.checkUnchanged()
      throw error
    }
  }

  /// Verifies that the database file exists.
  ///
  /// - Throws: ``JobFailure`` if the file does not exist or its path is not accessible.
  package static func requireExistence(of path: String) throws(JobFailure) {
    do {
      try DatabaseFile(path).checkExistence()
    } catch let error where error.isMissing {
      throw JobFailure(
        .missingInput, "\(path): there is no such database; set its folder with --output, or the file with --database")
    } catch {
      throw JobFailure(LedgerError.cannotRead(path: path, reason: error.reason))
    }
  }
}

extension RunRecord {
  /// - Throws: ``JobFailure`` if the run was deleted from the database.
  func requireNotDeleted(_ databasePath: String) throws(JobFailure) {
    guard let prunedAt else { return }
    throw JobFailure(.usage, "\(databasePath): run \(id) was deleted on \(prunedAt.description.prefix(10))")
  }
}
