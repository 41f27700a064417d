import ArgumentParser
import Files
import InventoryJobs
import InventoryModel

/// `run LIST`: fetch every project of the list and write the reports.
struct RunCommand: AsyncParsableCommand, ConfigurableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Fetch the integration of every project in a list and write the reports.",
    usage: "jelou-inventory [run] <list> [<options>]",
    discussion: """
      Examples:
        jelou-inventory run projects.csv
        jelou-inventory run projects.csv --sandbox
        jelou-inventory run projects.csv --format csv,html,xlsx -o november
        jelou-inventory run projects.csv --credentials keys.csv --rate 50/s
        jelou-inventory run projects.csv --fail-on finding:high,changed
        jelou-inventory run projects.csv --resume --max-duration 6h
        jelou-inventory run projects.csv --config monthly.yaml
        printf 'id1\\nid2\\n' | jelou-inventory run - --format jsonl --output -

      API keys are read from environment variables (JELOU_API_KEY, or JELOU_CLIENT_ID and JELOU_CLIENT_SECRET) or from \
      files, never from the command line. A duration is a number of seconds, or a number with a unit: 500ms, 30s, 10m, \
      6h, 2d. --resume continues an interrupted run.

      Exit codes:
        0    Every row was answered.
        1    Every row was answered, but a --fail-on condition matched.
        2    Some rows have no answer. The reports show which ones and why.
        3    The run is held: too many integrations disappeared (--max-gone).
        64   The command line is wrong.
        65   The list, credentials, configuration or templates can't be used.
        66   An input file is missing or can't be read.
        69   The gateway never answered, or became unreachable.
        73   The reports or the database can't be written.
        75   Another run is using the database or the output folder.
        77   The gateway refused every credential.
        130  Interrupted by SIGINT (129: SIGHUP, 143: SIGTERM).

      Guides: GettingStarted.md, ProjectList.md, Credentials.md, Options.md
      """)

  @Argument(
    help: "CSV file with project IDs, or text file with one ID per line. - reads standard input.",
    completion: .file(extensions: ListFile.extensions))
  var list: String?

  @OptionGroup var options: RunOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions
  @OptionGroup(title: "Configuration") var printing: PrintingOptions

  var printsSettings: Bool { printing.printConfig }
  var paths: [GivenText] { list.map { [GivenText(place: "the path of the list", value: $0)] } ?? [] }

  func validate() throws {
    guard !printsSettings else { return }
    guard let list else { throw ValidationError("Missing expected argument '<list>'") }
    try ListFile.check(path: list)
  }

  func run(in session: TerminalSession, with settings: Settings) async throws -> ExitStatus {
    CrashTraces.forbid()
    let plan = try options.plan(list: list ?? "", environment: settings.environment)
    try plan.reports.checkStandardOutput(isTerminal: StandardOutput.isTerminal)
    if let warning = plan.connectionWarning { session.warning(warning) }
    let summary = try await InventoryJob(plan: plan, host: session.adapted(to: plan.reports)).run()
    session.show(summary)
    return summary.status
  }

  /// Which settings to print.
  struct PrintingOptions: ParsableArguments {
    @Flag(
      name: .customLong("print-config"),
      help: "Print the value and the source of every option as a configuration file, then exit.")
    var printConfig = false
  }
}

/// The list as an argument of `run` and `plan`.
enum ListFile {
  /// The extensions to complete. Other files are accepted, too.
  static let extensions = ["csv", "tsv", "txt"]

  static func check(path: String) throws {
    guard !path.isEmpty else {
      throw ValidationError("The path of the list is empty; name a file, or use - for standard input.")
    }
  }
}
