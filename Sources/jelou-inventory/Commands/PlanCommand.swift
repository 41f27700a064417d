import ArgumentParser
import Files
import InventoryJobs

/// `plan LIST`: show what `run LIST` would do (dry run).
struct PlanCommand: AsyncParsableCommand, ConfigurableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what a run would do, without fetching projects or writing files (dry run).",
    usage: "jelou-inventory plan <list> [<options>]",
    discussion: """
      Examples:
        jelou-inventory plan projects.csv
        jelou-inventory plan projects.csv --credentials keys.csv --probe
        jelou-inventory plan projects.csv --resume --json

      Accepts the arguments of run. Reads the whole list and the credentials, and checks the output folder and the \
      database. Prints the number of projects and requests, duplicate and invalid IDs, the credentials in use, the \
      minimum duration at this rate (assuming no retries), and the concurrency required to reach the rate. With \
      --resume or --retry-failed, prints what the run would continue with. Only --probe sends requests.

      Exit codes:
        0    The run could start.
        2    No credential is known to work (--probe).
        64   The command line is wrong.
        65   The list, credentials, configuration or templates can't be used.
        66   An input file is missing or can't be read.
        69   The gateway did not answer (--probe).
        73   The reports or the database can't be written.
        75   Another run is using the database or the output folder.
        77   The gateway refused every credential (--probe).

      Guides: DryRuns.md, ProjectList.md, Credentials.md, Options.md
      """)

  @Argument(
    help: "CSV file with project IDs, or text file with one ID per line. - reads standard input.",
    completion: .file(extensions: ListFile.extensions))
  var list: String

  @OptionGroup(title: "Dry run") var forecast: ForecastOptions
  @OptionGroup var options: RunOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

  var paths: [GivenText] { [GivenText(place: "the path of the list", value: list)] }

  func validate() throws {
    try ListFile.check(path: list)
  }

  func run(in session: TerminalSession, with settings: Settings) async throws -> ExitStatus {
    CrashTraces.forbid()
    let plan = try options.plan(list: list, environment: settings.environment)
    if let warning = plan.connectionWarning { session.warning(warning) }
    let job = PlanJob(
      plan: plan, assumedLatency: .milliseconds(forecast.latency), probes: forecast.probe, host: session)
    let result = try await job.run()
    var data = DataOutput(session.standardOutput)
    let lines =
      forecast.json
      ? [ForecastJSON(forecast: result).text]
      : ForecastText(forecast: result).lines(width: session.standardOutput.terminalWidth)
    for line in lines { try data.write((line + "\n").utf8) }
    try data.flush()
    let ending = result.ending
    if let reason = ending.reason { throw JobFailure(ending.status, reason) }
    return .complete
  }

  /// What to find out, and how to print it.
  struct ForecastOptions: ParsableArguments {
    @Flag(help: "Send one request with each credential in use, and show which credentials work.")
    var probe = false

    @Option(
      help: ArgumentHelp(
        "Assumed duration of a request in milliseconds; --probe measures it instead.", valueName: "ms"))
    var latency = 300

    @Flag(help: "Print a JSON object.")
    var json = false

    func validate() throws {
      guard (1...600_000).contains(latency) else {
        throw ValidationError("--latency is \(latency); use a number of milliseconds from 1 to 600000.")
      }
    }
  }
}
