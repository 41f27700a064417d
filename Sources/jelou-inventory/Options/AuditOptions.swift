import ArgumentParser
import Auditing
import InventoryJobs
import InventoryModel

/// What the audit checks, and when the run is held or fails.
struct AuditOptions: ConfigurableOptions {
  @Option(
    name: .customLong("allow-host"),
    help: ArgumentHelp(
      "Host that webhooks may use; *.example.com allows all its subdomains. Repeatable. (default: any host)",
      valueName: "pattern"))
  var allowHost: [HostPattern] = []

  @Option(
    name: .customLong("stale-after"),
    help: ArgumentHelp("Number of days without an update after which an integration is stale.", valueName: "days"))
  var staleAfter = AuditSettings().staleAfterDays

  @Option(
    name: .customLong("max-gone"),
    help: ArgumentHelp(
      """
      Hold the run (exit code 3) if more than this number or percentage of integrations have disappeared. With a \
      percentage, at least \(GoneLimit.fewestByPercent) must be missing; 100% never holds a run.
      """, valueName: "n|p%"))
  var maxGone = GoneLimit.standard

  @Option(
    name: .customLong("fail-on"),
    help: ArgumentHelp(
      """
      Exit with 1 if a row matches one of these conditions, separated by commas: \
      \(FailConditions.names.joined(separator: ", ")). (default: none)
      """, valueName: "conditions"))
  var failOn: [FailConditions] = []

  /// The conditions in the order given, without duplicates.
  private var failConditions: [FailCondition] {
    failOn.flatMap(\.conditions).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  struct FailConditions: ExplainedValue {
    static let names =
      ([.notFound, .changed] + Severity.allCases.reversed().map { FailCondition.finding(atLeast: $0) }).map(
        \.description)
    static let syntax = "one or more of \(names.joined(separator: ", ")), separated by commas"
    static let defaultCompletionKind = CompletionKind.commaSeparated(names)

    let conditions: [FailCondition]

    init?(argument: String) {
      let names = argument.split(separator: ",", omittingEmptySubsequences: false)
      conditions = names.compactMap { FailCondition($0) }
      guard conditions.count == names.count else { return nil }
    }
  }

  /// - Parameter databasePath: nil for a temporary database.
  func ending(reports: ReportDestination, databasePath: String?) -> RunEnding {
    RunEnding(
      reports: reports, databasePath: databasePath,
      audit: AuditSettings(allowedHosts: allowHost, staleAfterDays: staleAfter), maxGone: maxGone,
      failConditions: failConditions)
  }

  func validate() throws {
    guard (1...36_500).contains(staleAfter) else {
      throw ValidationError("--stale-after is \(staleAfter); use a number of days from 1 to 36500.")
    }
  }
}

extension GoneLimit: ExplainedValue {
  static let syntax = "a number of projects, or a percentage from 0% to 100%"

  public init?(argument: String) {
    self.init(argument)
  }

  public var defaultValueDescription: String { description }
}

extension HostPattern: ExplainedValue {
  static let syntax = "a host name without scheme, port or path, for example hooks.example.com or *.example.com"

  public init?(argument: String) {
    self.init(argument)
  }
}
