import InventoryModel
import Ledger

/// Determines which runs to compare and prints the changes between them.
package struct ChangesJob {
  package let database: HistoryDatabase
  package let host: any JobHost
  package let from: Int64?
  package let to: Int64?
  /// Whether to print rows without changes too.
  package let all: Bool
  package let format: DataFormat

  package init(
    database: HistoryDatabase, host: any JobHost, from: Int64?, to: Int64?, all: Bool, format: DataFormat
  ) {
    self.database = database
    self.host = host
    self.from = from
    self.to = to
    self.all = all
    self.format = format
  }

  /// - Returns: a message for the user if there was nothing to print; nil otherwise.
  /// - Throws: ``JobFailure``, `LedgerError`, `FileError`, and ``ReaderGone``.
  package func run() throws -> String? {
    try database.reading { ledger in
      let comparison = try comparison(in: ledger)
      var printer = DataPrinter(format, ChangeRow.layout, to: DataOutput(host.standardOutput))
      try printer.begin()
      try ledger.forEachChange(of: comparison, unchanged: all) { try printer.row($0) }
      try printer.end()
      guard printer.rowCount == 0 else { return nil }
      switch comparison {
      case .recorded(let run):
        guard try ledger.runBefore(run) != nil else {
          return "run \(run) is the first run in \(database.path), so there is no earlier run to compare it with"
        }
        return "no changes in run \(run)"
      case .between(let earlier, let later): return "no changes between run \(earlier) and run \(later)"
      }
    }
  }

  private func comparison(in ledger: LedgerDatabase) throws -> Comparison {
    guard from != nil || to != nil else {
      return .recorded(run: try newestFinished(in: ledger))
    }
    let later = try to.map { try ended($0, in: ledger) } ?? newestFinished(in: ledger)
    guard let earlier = try from.map({ try ended($0, in: ledger) }) ?? runBefore(later, in: ledger) else {
      throw JobFailure(.usage, "\(database.path): there is no run before run \(later)")
    }
    guard earlier != later else {
      throw JobFailure(.usage, "run \(later) can't be compared with itself; choose two runs")
    }
    return .between(earlier: earlier, later: later)
  }

  private func runBefore(_ later: Int64, in ledger: LedgerDatabase) throws -> Int64? {
    try ledger.runBefore(later).map { try ended($0, in: ledger) }
  }

  private func newestFinished(in ledger: LedgerDatabase) throws -> Int64 {
    guard let run = try ledger.newestFinishedRun() else {
      let held = try ledger.newestRun().flatMap { $0.state == .held ? $0.id : nil }
      let advice = held.map { "; run \($0) is held: accept it with runs --accept \($0), or start a new run" } ?? ""
      throw JobFailure(.usage, "\(database.path): there is no finished run in this database\(advice)")
    }
    return run.id
  }

  private func ended(_ number: Int64, in ledger: LedgerDatabase) throws -> Int64 {
    guard let run = try ledger.run(number) else {
      throw JobFailure(.usage, "\(database.path): there is no run \(number) in this database")
    }
    try run.requireNotDeleted(database.path)
    guard run.finishedAt != nil else {
      throw JobFailure(
        .unusableInput, "\(database.path): run \(number) has not finished; continue it with run --resume")
    }
    return number
  }
}
