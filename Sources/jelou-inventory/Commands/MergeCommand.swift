import ArgumentParser
import InventoryJobs

/// `merge DB...`: merge the runs of all shards into one run.
struct MergeCommand: AsyncParsableCommand, ConfigurableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Merge the databases of all shards into one run, and check that no row is missing.",
    usage: "jelou-inventory merge <databases> ... [<options>]",
    discussion: """
      Examples:
        jelou-inventory merge shards/* --output inventory
        jelou-inventory merge shards/*/inventory.db --database history.db
        jelou-inventory merge shards/* -o inventory --fail-on finding:high

      Reads the newest run of each database. Every shard must be present exactly once, be finished, and have the same \
      list, base URL, rate, concurrency and version as the others. Every row of the list must be present exactly once. \
      Otherwise the command lists all problems and the shards to run again. It does not change the databases of the \
      shards.

      The merged run is audited, compared with the earlier runs of its database, and reported like the run of a \
      single machine. With --database and without --output, no reports are written. Merging the same shards again only \
      rewrites the reports.

      Exit codes: those of run for the merged run, and
        64   The command line is wrong.
        65   The shards do not form a complete run.
        66   A database is missing.
        73   The reports or the database can't be written.
        75   A run is using one of the databases.

      Guide: SeveralMachines.md
      """)

  @Argument(
    help: "Databases of the shards, or the folders that contain them, in any order.",
    completion: .file(extensions: ["db"]))
  var databases: [String]

  @OptionGroup(title: "Reports") var output: OutputOptions
  @OptionGroup(title: "Audit") var audit: AuditOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

  func validate() throws {
    guard databases.allSatisfy({ !$0.isEmpty }) else {
      throw ValidationError("The path of a database is empty; name a file or a folder.")
    }
  }

  func run(in session: TerminalSession, with settings: Settings) throws -> ExitStatus {
    guard let databasePath = output.database.location.kept else {
      throw JobFailure(.usage, "merge --output - has no database to merge into; add --database FILE")
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
