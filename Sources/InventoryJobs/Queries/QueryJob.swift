import Dispatch
import Files
import InventoryModel
import Ledger
package import LedgerQueries
package import TextFormats

/// Runs a question's SQL on the database and prints the result rows as they arrive.
package struct QueryJob {
  package let question: Question
  package let databasePath: String
  /// Parameter values, by name.
  package let parameters: [ExactText: String]
  /// nil for no limit.
  package let timeLimit: Duration?
  package let format: DataFormat
  package let host: any JobHost

  package init(
    question: Question, databasePath: String, parameters: [ExactText: String], timeLimit: Duration?, format: DataFormat,
    host: any JobHost
  ) {
    self.question = question
    self.databasePath = databasePath
    self.parameters = parameters
    self.timeLimit = timeLimit
    self.format = format
    self.host = host
  }

  /// - Returns: the number of rows.
  /// - Throws: ``JobFailure``, `LedgerError`, `FileError`, and ``ReaderGone``.
  package func run() throws -> Int {
    try HistoryDatabase.requireExistence(of: databasePath)
    let isClosed = DispatchSemaphore(value: 0)
    defer { isClosed.signal() }
    func cleanUpAtSignal(_ connection: QueryConnection) {
      host.signals.endProcess { [deadline = connection.deadline] in
        deadline.end()
        // Wait until SQLite has removed the files that it created beside the database. The timeout is needed because a
        // reader that stops reading would block this forever.
        _ = isClosed.wait(timeout: .now() + .milliseconds(200))
      }
    }
    do {
      return try answer(opened: cleanUpAtSignal)
    } catch QueryError.interrupted {
      host.signals.endProcessNow()
    }
  }

  /// - Parameter opened: called once the connection is open. The connection is closed at the end.
  private func answer(opened: (QueryConnection) -> Void) throws -> Int {
    let connection = try QueryConnection(path: databasePath, lockWait: LockWait(host: host))
    opened(connection)
    var printer: DataPrinter?
    do {
      try connection.answer(question.sql, parameters: question.values(given: parameters), timeLimit: timeLimit) {
        printer = DataPrinter(format, QueryRow.layout($0), to: DataOutput(host.standardOutput))
        try printer?.begin()
      } row: { values in
        try printer?.row(QueryRow(answer: values))
      }
      try printer?.end()
    } catch let error as QueryError where error != .interrupted {
      // The rows received so far are correct, so print them.
      try printer?.end()
      throw failure(error)
    }
    return printer?.rowCount ?? 0
  }

  private func failure(_ error: QueryError) -> JobFailure {
    let failure = JobFailure(
      error.isOutOfTime ? .incomplete : .usage, "\(question.name.visible): \(error.description.visible)")
    guard case .invalid(let reason, _) = error else { return failure }
    if reason.hasPrefix("no such column"), question.sql.contains("\"") {
      return failure.adding("In SQL, double quotes enclose names; use single quotes for text")
    }
    return failure
  }
}
