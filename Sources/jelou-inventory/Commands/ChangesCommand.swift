import ArgumentParser
import InventoryJobs
import InventoryModel
import TextFormats

/// `changes`: print the differences between two runs.
struct ChangesCommand: AsyncParsableCommand, ConfigurableCommand {
  static let configuration = CommandConfiguration(
    commandName: "changes",
    abstract: "Print what differs between two runs.",
    discussion: """
      Without --from and --to: the newest finished run as it was recorded, each row against the newest earlier answer \
      for \
      its project, whichever finished run gave it. With --from or --to exactly two runs are compared: what the first \
      has no answer for is new. --from alone compares with the newest finished run, --to alone with the finished run \
      before it.

      A project is new, added (it had no integration), changed, gone (the gateway says that it has none any more), \
      unknown \
      (no answer this time), or, at the end and without a line, unlisted (no longer in the list).

      Exit codes: 0 whatever has changed; 64 wrong usage, or there is no such run; 65 a run has not ended; 66 there \
      is no \
      database, or no right to read it; 73 the database can't be used.

      Examples:
        jelou-inventory changes
        jelou-inventory changes --from 3 --to 7 --format csv > changes.csv
      """)

  static let readsDatabase = true

  @Option(help: ArgumentHelp("The earlier run, by its number.", valueName: "run")) var from: Int64?
  @Option(help: ArgumentHelp("The later run, by its number.", valueName: "run")) var to: Int64?
  @Flag(help: "Rows that have not changed, too.") var all = false

  @OptionGroup(title: "Data") var history: HistoryOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

  func run(in session: TerminalSession, with settings: Settings) throws -> ExitStatus {
    let job = ChangesJob(
      database: HistoryDatabase(path: history.databasePath, host: session), host: session, from: from, to: to, all: all,
      format: history.format)
    if let nothing = try job.run() { session.info(nothing.visible) }
    return .complete
  }
}
