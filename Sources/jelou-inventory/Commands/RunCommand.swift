import ArgumentParser
import Files
import InventoryJobs
import InventoryModel

/// `run LIST`: fetch every project of the list and write the reports.
struct RunCommand: AsyncParsableCommand, ConfigurableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Fetch every project of a list and write the reports. (The default command.)",
    discussion: """
      Keys come from the environment (JELOU_API_KEY, or JELOU_CLIENT_ID and JELOU_CLIENT_SECRET) or from files, never \
      from the command line.

      Exit codes: 0 every row is answered; 1 so it is, and a --fail-on condition holds; 2 some rows are not, the \
      reports \
      say which; 3 the run is held, see --max-gone; 64 wrong usage; 65 the list, the credentials, the configuration or \
      the templates can't be used; 66 an input file is missing; 69 not one HTTP answer came, or the gateway went out \
      of reach; 73 the reports or the database can't be written; 75 another run is at work there; 77 the gateway \
      refused every credential; 130, 143 and 129 interrupted (SIGINT, SIGTERM, SIGHUP), go on with --resume.

      Examples:
        jelou-inventory projects.csv
        jelou-inventory run projects.csv --fail-on finding:high,changed
        jelou-inventory run projects.csv --credentials keys.csv -o 2026-11
        jelou-inventory run projects.csv --resume --max-duration 21600
        jelou-inventory run projects.csv --config monthly.yaml
        jelou-inventory run projects.csv --sandbox
        printf 'id1\\nid2\\n' | jelou-inventory run - --format jsonl --output -
      """)

  @Argument(help: "A CSV of project IDs, or a text file with one ID a line; - for standard input.", completion: .file())
  var list: String?

  @OptionGroup var options: RunOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

  @Flag(
    name: .customLong("print-config"),
    help: "Print every option's value and who has set it, as a configuration file, and do nothing else.")
  var printsSettings = false

  var paths: [GivenText] { list.map { [GivenText(place: "the path of the list", value: $0)] } ?? [] }

  func validate() throws {
    guard !printsSettings else { return }
    guard let list else { throw ValidationError("Missing expected argument '<list>'") }
    guard !list.isEmpty else { throw ValidationError("The list's path is empty.") }
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
}
