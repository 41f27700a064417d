import ArgumentParser
import FoundationEssentials
import InventoryModel
import Ledger
import Logging

/// `runs`: the runs in the database, the acceptance of held ones, and their deletion.
struct RunsCommand: AsyncParsableCommand, ConfigurableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "Print the runs in the database, oldest first, accept a held one, or delete some.",
    discussion: """
      --accept makes a held run an ordinary finished one: it is compared with the answers that were given before its \
      own, and later runs are compared with it. Runs that were finished meanwhile stay as they were. Its reports are \
      written again, in their formats, into the folder that --output names; without --output into the database's \
      folder if they are there.

      --delete and --keep delete runs and give their space back; nothing is printed then but what was done, on standard \
      error. What later runs say stays the same, for every project that a run lists which is left: its last answer is \
      kept. The newest run, which alone run --resume can continue, and the newest finished one can't be \
      deleted. It needs free space for the database once more and for what is left of it; whatever goes wrong leaves the database as it was.

      Exit codes: 0; 64 wrong usage, there is no such run, it is not held, or it can't be deleted; 66 there is no \
      database, or no right to read it; 73 the database can't be used, or the disk is full; 75 a run is at work there.

      Examples:
        jelou-inventory runs --format jsonl
        jelou-inventory runs --accept 7
        jelou-inventory runs --keep 12 --dry-run
        jelou-inventory runs --delete 3,4 --database history.db
      """)

  @OptionGroup(title: "Accepting") var accepting: AcceptingOptions
  @OptionGroup(title: "Deleting") var pruning: PruningOptions
  @OptionGroup(title: "Data") var history: HistoryOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

  /// Whether `--output` says where reports go, and not only where the database is. What the configuration says holds for
  /// every command, and does not put an accepted run's reports in the place of a newer run's.
  private var writesReports = false

  private enum CodingKeys: String, CodingKey {
    case accepting, pruning, history, terminal, configurationOptions
  }

  /// - Parameter settings: with what the variables and the configuration file say.
  mutating func chooseOutput(by settings: Settings) {
    writesReports = settings.all.contains { $0.option.name == "output" && $0.source == .commandLine }
  }

  func validate() throws {
    guard accepting.accept == nil || pruning.choice == nil else {
      throw ValidationError("--accept goes with neither --delete nor --keep.")
    }
  }

  func run() async throws {
    let session = TerminalSession(terminal, environment: ProcessInfo.processInfo.environment)
    do {
      if let run = accepting.accept {
        return try AcceptJob(
          number: run, databasePath: history.databasePath, folder: writesReports ? history.output : nil,
          html: accepting.html,
          logger: session.logger
        ).run()
      }
      if let choice = pruning.choice {
        return try PruneJob(
          databasePath: history.databasePath, choice: choice, dryRun: pruning.dryRun, logger: session.logger,
          interruption: .ofProcess
        ).run()
      }
      let count = try HistoryDatabase(path: history.databasePath, logger: session.logger).reading { ledger in
        var printer = DataPrinter(history.format, RunListing.layout, to: DataOutput())
        try printer.begin()
        var held: [RunRecord] = []
        for run in try ledger.runs() {
          try printer.row(run)
          if run.record.state == .held { held.append(run.record) }
        }
        try printer.end()
        for run in held { session.logger.notice("run \(run.id) is held: \(run.held?.description ?? "?")") }
        return printer.rowCount
      }
      if count == 0 { session.logger.info("there is no run in \(history.databasePath.visible)") }
    } catch is DataOutput.ReaderGone {
    } catch {
      throw session.end(with: JobFailure(error))
    }
  }
}
