import ArgumentParser
import InventoryJobs
import InventoryModel
import TextFormats

/// `changes`: print the differences between two runs.
struct ChangesCommand: AsyncParsableCommand, ConfigurableCommand {
  static let configuration = CommandConfiguration(
    commandName: "changes",
    abstract: "Show the differences between two runs.",
    usage: "jelou-inventory changes [<options>]",
    discussion: """
      Examples:
        jelou-inventory changes
        jelou-inventory changes --from 3 --to 7 --format csv > changes.csv

      Without --from and --to, the command shows the changes recorded by the newest finished run: each row is compared \
      with the newest earlier answer for its project. With --from or --to, exactly two runs are compared. --from alone \
      compares with the newest finished run, --to alone with the finished run before it.

      Kinds of changes:
        new        The project was never answered before.
        added      The project had no integration and has one now.
        changed    The integration differs; the changed fields are shown.
        gone       The project had an integration and has none now.
        unknown    There is no answer this time.
        unlisted   The project is no longer in the list (shown last).

      Exit codes:
        0    The comparison was printed, with or without differences.
        64   The command line is wrong, or the run does not exist.
        65   A run has not ended.
        66   The database is missing or can't be read.
        73   The database can't be used.

      Guide: Changes.md
      """)

  static let readsDatabase = true

  @OptionGroup(title: "Runs") var runs: ComparedRuns
  @OptionGroup(title: "Data") var history: HistoryOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

  func run(in session: TerminalSession, with settings: Settings) throws -> ExitStatus {
    let job = ChangesJob(
      database: HistoryDatabase(path: history.databasePath, host: session), host: session, from: runs.from,
      to: runs.to, all: runs.all, format: history.format)
    if let nothing = try job.run() { session.info(nothing.visible) }
    return .complete
  }

  /// Which runs to compare.
  struct ComparedRuns: ParsableArguments {
    @Option(help: ArgumentHelp("Number of the earlier run, as shown by runs.", valueName: "n")) var from: Int64?
    @Option(help: ArgumentHelp("Number of the later run, as shown by runs.", valueName: "n")) var to: Int64?
    @Flag(help: "Include rows that have not changed.") var all = false
  }
}
