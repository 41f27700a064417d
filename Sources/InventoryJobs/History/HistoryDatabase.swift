import Files
import InventoryModel
package import Ledger
import TextFormats

/// The database as the commands see it that only report what is in it. They need no right but that to read.
package struct HistoryDatabase {
  package let path: String
  package let host: any JobHost

  package init(
    path: String, host: any JobHost
  ) {
    self.path = path
    self.host = host
  }

  /// A run at work there goes on undisturbed, and what is read is of one moment. Nothing is written: an older database is
  /// read as one of today, an empty one as one without runs.
  ///
  /// - Throws: ``JobFailure``, `LedgerError` and what `body` throws.
  package func reading<Value>(_ body: (LedgerDatabase) throws -> Value) throws -> Value {
    try Self.requireExistence(of: path)
    let ledger = try LedgerDatabase.reading(path, lockWait: LockWait(host: host)) ?? LedgerDatabase.temporary()
    defer { try? ledger.close() }
    do {
      let value = try body(ledger)
      try ledger.checkUnchanged()
      return value
    } catch let error as LedgerError {
      // Of a database that has changed where SQLite could not see it, it may say anything.
      try ledger.checkUnchanged()
      throw error
    }
  }

  /// - Throws: ``JobFailure`` where there is no such file, or no way to it.
  package static func requireExistence(of path: String) throws(JobFailure) {
    do {
      try DatabaseFile(path).checkExistence()
    } catch let error where error.isMissing {
      throw JobFailure(
        .missingInput, "\(path): there is no such database; name its folder with --output, or the file with --database")
    } catch {
      throw JobFailure(LedgerError.cannotRead(path: path, reason: error.reason))
    }
  }
}

extension RunRecord {
  /// - Throws: ``JobFailure`` for a run that has been deleted from the database.
  func requireNotDeleted(_ databasePath: String) throws(JobFailure) {
    guard let prunedAt else { return }
    throw JobFailure(.usage, "\(databasePath): run \(id) was deleted on \(prunedAt.description.prefix(10))")
  }
}
