import ArgumentParser
import FoundationEssentials
import InventoryModel
import Ledger
import Logging

/// `runs`: the runs in the database.
struct RunsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "Print the runs in the database, oldest first.",
    discussion: """
      Exit codes: 0; 64 wrong usage; 66 there is no database; 73 the database can't be used.

      Example:
        jelou-inventory runs --format jsonl
      """)

  @OptionGroup(title: "Data") var history: HistoryOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions

  func run() async throws {
    let session = TerminalSession(terminal, environment: ProcessInfo.processInfo.environment)
    do {
      let count = try HistoryDatabase(path: history.database).reading { ledger in
        var printer = DataPrinter(history.format, RunListing.layout, to: DataOutput())
        try printer.begin()
        for run in try ledger.runs() { try printer.row(run) }
        try printer.end()
        return printer.rowCount
      }
      if count == 0 { session.logger.info("there is no run in \(history.database.visible)") }
    } catch is DataOutput.ReaderGone {
    } catch {
      throw session.end(with: JobFailure(error))
    }
  }
}
