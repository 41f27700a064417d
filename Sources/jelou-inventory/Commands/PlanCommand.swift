import ArgumentParser
import Files
import InventoryJobs

/// `plan LIST`: show what `run LIST` would do (dry run).
struct PlanCommand: AsyncParsableCommand, ConfigurableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Find out what a run would do: sends nothing, makes nothing.",
    discussion: """
      Takes the options of run: put plan in the place of run. Reads the list to its end, and the credentials; looks at \
      the places where a run would write, and into the database. Prints rows, projects, duplicates, IDs that can't be \
      asked for, credentials used, unused and unknown, the requests, the least time that they take at this rate, how \
      many \
      must be in flight for it, and what --resume or --retry-failed would go on with.

      Exit codes: 0 the run could start; else what it would end with before its first request: 64 wrong usage; 65 the \
      list, the credentials or the templates can't be used; 66 an input file is missing; 73 the reports or the \
      database \
      can't be written; 75 another run is at work there. With --probe also 2 no credential is known to work; 69 not \
      one HTTP answer came; 77 the gateway refused every credential.

      Examples:
        jelou-inventory plan projects.csv
        jelou-inventory plan projects.csv --credentials keys.csv --rate 50/s --probe
        jelou-inventory plan projects.csv --resume --json
      """)

  @Argument(help: "A CSV of project IDs, or a text file with one ID a line; - for standard input.", completion: .file())
  var list: String

  @Flag(help: "Make one request with each credential in use, and tell which of them work.")
  var probe = false

  @Option(
    help: ArgumentHelp(
      "How long a request is taken to last; with --probe, what the answers took (their median) counts instead.",
      valueName: "ms"))
  var latency = 300

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var options: RunOptions
  @OptionGroup(title: "Terminal") var terminal: TerminalOptions
  @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

  var paths: [GivenText] { [GivenText(place: "the path of the list", value: list)] }

  func validate() throws {
    guard !list.isEmpty else { throw ValidationError("The list's path is empty.") }
    guard (1...600_000).contains(latency) else { throw ValidationError("--latency is from 1 to 600000.") }
  }

  func run(in session: TerminalSession, with settings: Settings) async throws -> ExitStatus {
    CrashTraces.forbid()
    let plan = try options.plan(list: list, environment: settings.environment)
    if let warning = plan.connectionWarning { session.warning(warning) }
    let job = PlanJob(plan: plan, assumedLatency: .milliseconds(latency), probes: probe, host: session)
    let forecast = try await job.run()
    var data = DataOutput(session.standardOutput)
    let lines = json ? [ForecastJSON(forecast: forecast).text] : ForecastText(forecast: forecast).lines
    for line in lines { try data.write((line + "\n").utf8) }
    try data.flush()
    let ending = forecast.ending
    if let reason = ending.reason { throw JobFailure(ending.status, reason) }
    return .complete
  }
}
