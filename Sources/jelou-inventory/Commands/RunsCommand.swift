import ArgumentParser
import InventoryJobs
import InventoryModel
import Ledger
import TextFormats

/// `runs`: print the runs in the database, accept a held one, or delete some.
struct RunsCommand: AsyncParsableCommand, ConfigurableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "Print the runs in the database, oldest first, accept a held one, or delete some.",
    discussion: """
      --accept makes a held run an ordinary finished one: it is compared with the answers that were given before its \
      own, and later runs are compared with it. Runs that were finished meanwhile stay as they were. Its reports are \
      written again, in their formats, into the folder that --output names; without --output into the database's \
      folder if they are there.

      --delete and --keep delete runs and give their space back; nothing is printed then but what was done, on \
      standard \
      error. What later runs say stays the same, for every project that a run lists which is left: its last answer is \
      kept. The newest run, which alone run --resume can continue, and the newest finished one can't be \
      deleted. It needs free space for the database once more and for what is left of it; whatever goes wrong leaves \
      the database as it was.

      Exit codes: 0; 64 wrong usage, there is no such run, it is not held, or it can't be deleted; 66 there is no \
      database, or no right to read it; 73 the database can't be used, or the disk is full; 75 a run is at work there.

      Examples:
        jelou-inventory runs --format jsonl
        jelou-inventory runs --accept 7
        jelou-inventory runs --keep 12 --dry-run
        jelou-inventory runs --delete 3,4 --database history.db
      """)

  static let readsDatabase = true

  @OptionGroup(title: "Accepting") var accepting: AcceptingOptions
  @OptionGroup(title: "Deleting") var pruning: PruningOptions
  @OptionGroup(title: "Data") var history: HistoryOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

  func validate() throws {
    guard accepting.accept == nil || pruning.choice == nil else {
      throw ValidationError("--accept goes with neither --delete nor --keep.")
    }
  }

  func run(in session: TerminalSession, with settings: Settings) throws -> ExitStatus {
    let path = history.databasePath
    if let run = accepting.accept {
      // An output folder from a variable or the configuration file applies to every command. Ignore it here, so that
      // the reports of an accepted run don't replace those of a newer run.
      let folder = settings.source(of: "output") == .commandLine ? history.database.output : nil
      try AcceptJob(number: run, databasePath: path, folder: folder, html: accepting.page.html(), host: session).run()
    } else if let choice = pruning.choice {
      try PruneJob(databasePath: path, choice: choice, dryRun: pruning.dryRun, host: session).run()
    } else {
      let job = RunsJob(
        database: HistoryDatabase(path: path, host: session), format: history.format, host: session)
      if try job.run() == 0 { session.info("there is no run in \(path.visible)") }
    }
    return .complete
  }
}
