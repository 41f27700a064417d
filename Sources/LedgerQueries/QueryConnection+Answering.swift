import GRDB
import GRDBSQLite
import InventoryModel
import Ledger
package import TextFormats

extension QueryConnection {
  /// Runs one statement and passes on its rows as they are read. All rows come from one snapshot of the database.
  ///
  /// Throws ``QueryError``, ``LedgerError`` and any error that the closures throw.
  ///
  /// - Parameters:
  ///   - parameters: values by name, without `:`, `@` or `$`. The names must be exactly those of the statement's
  ///     parameters.
  ///   - timeLimit: limit for SQLite's own work, which excludes the time that the closures take; nil for no limit.
  ///   - begin: called once, before the first row, or at the end if there are no rows.
  package func answer(
    _ sql: String, parameters: [ExactText: String], timeLimit: Duration?,
    begin: ([QueryColumn]) throws -> Void, row: ([QueryValue]) throws -> Void
  ) throws {
    deadline.begin(timeLimit)
    let statement = try QueryStatement(sql, on: connection, authorizer: authorizer)
    try statement.bind(parameters)
    var hasBegun = false
    while true {
      let code = statement.step()
      guard code == SQLITE_ROW || code == SQLITE_DONE else { throw failure(timeLimit) }
      try countingOut {
        if !hasBegun { try begin(statement.columns) }
        hasBegun = true
        if code == SQLITE_ROW { try row(statement.values) }
      }
      if code == SQLITE_DONE { return try checkUnchanged() }
    }
  }

  /// Runs an operation without counting its time toward the statement's time limit.
  private func countingOut(_ operation: () throws -> Void) throws {
    let start = ContinuousClock.now
    try operation()
    deadline.extend(by: ContinuousClock.now - start)
  }

  /// The error that ended the statement while it ran.
  private func failure(_ timeLimit: Duration?) -> any Error {
    let error = connection.lastError
    switch error.resultCode {
    case .SQLITE_INTERRUPT:
      return deadline.wasEnded || timeLimit == nil ? QueryError.interrupted : .outOfTime(limit: timeLimit ?? .zero)
    case .SQLITE_AUTH, .SQLITE_READONLY:
      return QueryError.refused(action: authorizer.takeRefusal() ?? "this statement", reason: error.message ?? "")
    case .SQLITE_ERROR, .SQLITE_TOOBIG, .SQLITE_NOMEM, .SQLITE_MISMATCH, .SQLITE_RANGE:
      return QueryError.invalid(reason: error.message ?? "\(error.resultCode)", place: nil)
    default:
      // If the file has changed and SQLite could not notice it, SQLite may report any error.
      do { try checkUnchanged() } catch { return error }
      return LedgerError(error, path: path, opening: true)
    }
  }
}
