import ArgumentParser
import InventoryJobs
import InventoryModel
import Ledger
import TextFormats

/// `runs`: print the runs in the database, accept a held one, or delete some.
struct RunsCommand: AsyncParsableCommand, ConfigurableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List the runs in the database, accept a held run, or delete runs.",
    usage: "jelou-inventory runs [<options>]",
    discussion: """
      Examples:
        jelou-inventory runs
        jelou-inventory runs --format jsonl
        jelou-inventory runs --accept 7
        jelou-inventory runs --keep 12 --dry-run
        jelou-inventory runs --delete 3,4 --database history.db

      --accept turns a held run into a finished one and computes its changes. Its reports are rewritten in the folder \
      of --output, or else in the folder of the database if they are there.

      --delete and --keep delete runs and shrink the database; the last answer for each project of the remaining runs \
      is kept. The newest run and the newest finished run can't be deleted. If deleting fails, the database stays as \
      it was.

      Exit codes:
        0    The runs were listed, accepted or deleted.
        64   The command line is wrong, or the run does not exist, is not
             held, or can't be deleted.
        66   The database is missing or can't be read.
        73   The database can't be used, or the disk is full.
        75   A run is using the database.

      Guide: Changes.md
      """)

  static let readsDatabase = true

  @OptionGroup(title: "Accepting a held run") var accepting: AcceptingOptions
  @OptionGroup(title: "Deleting runs") var pruning: PruningOptions
  @OptionGroup(title: "Data") var history: HistoryOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

  func validate() throws {
    guard accepting.accept == nil || pruning.choice == nil else {
      throw ValidationError("--accept can't be combined with --delete or --keep; run the commands one after the other.")
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
