import GRDB
import GRDBSQLite
import InventoryModel
import Ledger
package import TextFormats

extension QueryConnection {
  /// Hands out the rows of one statement as they come, as one unchanging picture of the database.
  ///
  /// Throws ``QueryError``, ``LedgerError`` and what the closures throw.
  ///
  /// - Parameters:
  ///   - parameters: values by names without `:`, `@` or `$`; each must be in the statement, and each of its must be here.
  ///   - timeLimit: for SQLite's own work; what the closures take does not count. nil for none.
  ///   - begin: called once, before the first row or at the end when there is none.
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

  /// What the reader takes is not the statement's time.
  private func countingOut(_ operation: () throws -> Void) throws {
    let start = ContinuousClock.now
    try operation()
    deadline.extend(by: ContinuousClock.now - start)
  }

  /// What ended the statement while it ran.
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
      // Of a file that has changed where SQLite could not see it, it may say anything.
      do { try checkUnchanged() } catch { return error }
      return LedgerError(error, path: path, opening: true)
    }
  }
}
