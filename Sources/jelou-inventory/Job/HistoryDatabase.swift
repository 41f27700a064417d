import Files
import Ledger

/// The database as the commands see it that only tell what is in it.
struct HistoryDatabase {
  let path: String

  /// A run at work there goes on undisturbed. An older database is brought up to date first.
  ///
  /// - Throws: ``JobFailure``, `LedgerError` and what `body` throws.
  func reading<Value>(_ body: (Ledger) throws -> Value) throws -> Value {
    try Self.requireExistence(of: path)
    let ledger = try Ledger(path: path)
    defer { try? ledger.close() }
    return try body(ledger)
  }

  /// - Throws: ``JobFailure`` where there is no such file.
  static func requireExistence(of path: String) throws(JobFailure) {
    guard FileStatus(path: path) == nil else { return }
    throw JobFailure(
      .missingInput, "\(path): there is no such database; name its folder with --output, or the file with --database")
  }
}
