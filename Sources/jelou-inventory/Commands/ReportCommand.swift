import ArgumentParser
import InventoryJobs
import InventoryModel
import TextFormats

/// `report`: rewrite a run's reports from the database, without sending a request.
struct ReportCommand: AsyncParsableCommand, ConfigurableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write the reports of a run again from the database, without sending requests.",
    usage: "jelou-inventory report [<options>]",
    discussion: """
      Examples:
        jelou-inventory report
        jelou-inventory report --run 7 --database history.db --output october
        jelou-inventory report --format csv --output - | head
        jelou-inventory report --print-templates mine
        jelou-inventory report --templates mine --language es

      The reports are identical to those that the run wrote, byte for byte. With --output -, the database is \
      inventory/inventory.db unless --database names another one. A run that still has pending rows has no reports; \
      continue it with run --resume.

      Exit codes:
        0    The reports were written.
        64   The command line is wrong, or the run does not exist.
        65   The run has not ended, or a template has an error.
        66   The database or the template folder is missing or can't be read.
        73   The reports can't be written, or the database can't be used.
        75   Another run is using the output folder.

      Guides: Reports.md, Spreadsheets.md, Templates.md
      """)

  static let readsDatabase = true

  @OptionGroup(title: "Run") var source: SourceOptions
  @OptionGroup(title: "Reports") var output: OutputOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

  func run(in session: TerminalSession, with settings: Settings) throws -> ExitStatus {
    if let templatesFolder = source.printTemplates {
      let files = try TemplateCopy(folder: templatesFolder).write()
      for file in files { session.info("written: \(file.visible)") }
      return .complete
    }
    let reports = try output.reports()
    try reports.checkStandardOutput(isTerminal: StandardOutput.isTerminal)
    let job = ReportJob(
      number: source.run, reports: reports, databasePath: output.database.location.existing, host: session)
    let (record, files) = try job.run()
    session.info("reports of run \(record.id) (\(record.state.rawValue)), started \(record.startedAt)")
    for file in files { session.info("written: \(file.visible)") }
    return .complete
  }

  /// What to write.
  struct SourceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Number of the run, as shown by runs. (default: the newest run)", valueName: "n"))
    var run: Int64?

    @Option(
      name: .customLong("print-templates"),
      help: ArgumentHelp("Write the built-in templates of the HTML report to a folder, then exit.", valueName: "dir"),
      completion: .directory)
    var printTemplates: String?
  }
}
