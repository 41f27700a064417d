import ArgumentParser
import InventoryJobs

/// `merge DB...`: merge the runs of all shards into one run.
struct MergeCommand: AsyncParsableCommand, ConfigurableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Join the databases of shards into one run, proving that no row is missing or doubled.",
    discussion: """
      Takes the newest run of each database, which is left as it is. Makes sure that every shard is there once and is \
      finished, that list, base URL, rate, concurrency and version are the same, that each row belongs to its shard, \
      and \
      that together they are all rows of the list; tells everything that is wrong, and which shard to run again. Then \
      enters one run with all rows, finds what the audit finds and what has changed since that database's earlier \
      runs, \
      and writes the reports: those of a run that was never divided. With --database and without --output, no reports \
      are written.

      The same shards merged again add no second run; the reports are written again.

      Exit codes: those of run for the run as it stands; 64 wrong usage; 65 the shards are not one whole run; 66 a \
      database is not there; 73 the reports or the database can't be written; 75 a run is at work on one of them.

      Examples:
        jelou-inventory merge shards/* -o inventory
        jelou-inventory merge shards/*/inventory.db --database history.db
        jelou-inventory merge shards/*/inventory.db -o inventory --fail-on finding:high
      """)

  @Argument(help: "The shards' databases, or the folders that they are in, in any order.", completion: .file())
  var databases: [String]

  @OptionGroup(title: "Reports") var output: OutputOptions
  @OptionGroup(title: "Audit") var audit: AuditOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

  func validate() throws {
    guard databases.allSatisfy({ !$0.isEmpty }) else { throw ValidationError("A path is empty.") }
  }

  func run(in session: TerminalSession, with settings: Settings) throws -> ExitStatus {
    guard let databasePath = output.database.location.kept else {
      throw JobFailure(.usage, "merge keeps what it makes: add --database FILE to --output -")
    }
    // If a database is set but no output folder, write no reports.
    let writesReports = settings.source(of: "output") != .standard || settings.source(of: "database") == .standard
    let ending = audit.ending(
      reports: writesReports ? try output.reports() : .nowhere, databasePath: databasePath)
    try ending.reports.checkStandardOutput(isTerminal: StandardOutput.isTerminal)
    let job = MergeJob(
      databases: databases.map(DatabaseLocation.path(named:)), databasePath: databasePath, ending: ending,
      host: session)
    let summary = try job.run()
    session.show(summary)
    return summary.status
  }
}
