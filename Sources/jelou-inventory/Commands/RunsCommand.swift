import ArgumentParser
import FoundationEssentials
import InventoryModel
import Ledger
import Logging

/// `runs`: the runs in the database, and their deletion.
struct RunsCommand: AsyncParsableCommand, ConfigurableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "Print the runs in the database, oldest first, or delete some.",
    discussion: """
      --delete and --keep delete runs and give their space back; nothing is printed then but what was done, on standard \
      error. What later runs say stays the same, for every project that a run lists which is left: its last answer is \
      kept. The newest run, the newest ended and finished ones, and the one that run --resume would go on with can't be \
      deleted. It needs free space for the database once more and for what is left of it; whatever goes wrong leaves the database as it was.

      Exit codes: 0; 64 wrong usage, there is no such run, or it can't be deleted; 66 there is no database; 73 the \
      database can't be used, or the disk is full; 75 a run is at work there.

      Examples:
        jelou-inventory runs --format jsonl
        jelou-inventory runs --keep 12 --dry-run
        jelou-inventory runs --delete 3,4 --database history.db
      """)

  @OptionGroup(title: "Deleting") var pruning: PruningOptions
  @OptionGroup(title: "Data") var history: HistoryOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

  func run() async throws {
    let session = TerminalSession(terminal, environment: ProcessInfo.processInfo.environment)
    do {
      if let choice = pruning.choice {
        let interruption = Interruption(console: session.console, logger: session.logger)
        interruption.listen()
        return try PruneJob(
          databasePath: history.database, choice: choice, dryRun: pruning.dryRun, logger: session.logger,
          interruption: interruption
        ).run()
      }
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
