import ArgumentParser
import InventoryJobs
import InventoryModel
import TextFormats

/// `report`: rewrite a run's reports from the database, without sending a request.
struct ReportCommand: AsyncParsableCommand, ConfigurableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a run's reports again from the database, sending nothing.",
    discussion: """
      They are the same, byte for byte, as those of the run itself. The database is the one in the output folder \
      unless \
      --database names another; with --output -, the one in the default folder. A run with rows that were not asked \
      for \
      yet has no reports; continue it with run --resume.

      Exit codes: 0 the reports are written; 64 wrong usage, or there is no such run; 65 the run has not ended, or a \
      template has a mistake; 66 there is no database, or no right to \
      read it, or no folder of templates; 73 the reports can't be written, or the database can't be used; 75 a run is \
      at \
      work in that folder.

      Examples:
        jelou-inventory report
        jelou-inventory report --run 7 --database history.db -o october
        jelou-inventory report --format csv --output - | head
        jelou-inventory report --print-templates mine
        jelou-inventory report --templates mine --language es
      """)

  static let readsDatabase = true

  @Option(
    name: .customLong("run"), help: ArgumentHelp("The run, by its number. (default: the newest)", valueName: "n"))
  var number: Int64?

  @Option(
    name: .customLong("print-templates"),
    help: ArgumentHelp(
      "Write the page's built-in templates into a folder, to begin with, and nothing else.", valueName: "dir"),
    completion: .directory)
  var templatesFolder: String?

  @OptionGroup(title: "Reports") var output: OutputOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

  func run(in session: TerminalSession, with settings: Settings) throws -> ExitStatus {
    if let templatesFolder {
      let files = try TemplateCopy(folder: templatesFolder).write()
      for file in files { session.info("written: \(file.visible)") }
      return .complete
    }
    let reports = try output.reports()
    try reports.checkStandardOutput(isTerminal: StandardOutput.isTerminal)
    let job = ReportJob(
      number: number, reports: reports, databasePath: output.database.location.existing, host: session)
    let (record, files) = try job.run()
    session.info("reports of run \(record.id) (\(record.state.rawValue)), started \(record.startedAt)")
    for file in files { session.info("written: \(file.visible)") }
    return .complete
  }
}
