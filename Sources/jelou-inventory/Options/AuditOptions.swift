import ArgumentParser
import Auditing
import InventoryJobs
import InventoryModel

/// What the audit checks, and when the run is held or fails.
struct AuditOptions: ConfigurableOptions {
  @Option(
    name: .customLong("allow-host"),
    help: ArgumentHelp(
      "A host that webhooks may have, or *.example.com for the names below one; repeatable. (default: any)",
      valueName: "pattern"))
  var allowedHosts: [HostPattern] = []

  @Option(
    name: .customLong("stale-after"),
    help: ArgumentHelp("Days without an update after which an integration is stale.", valueName: "days"))
  var staleAfter = AuditSettings().staleAfterDays

  @Option(
    name: .customLong("max-gone"),
    help: ArgumentHelp(
      """
      How many of the projects that had an integration may have lost it, as a number or a percentage, before the run \
      is held (exit 3): its reports are written, but it is not part of the history until it is accepted. A \
      percentage holds no run for fewer than ten; 100% holds none.
      """, valueName: "n|p%"))
  var maxGone = GoneLimit.standard

  @Option(
    name: .customLong("fail-on"),
    help: ArgumentHelp(
      """
      Exit 1, with everything written, when a row is such: not-found, finding (or finding:medium, finding:high: that \
      severity or worse), changed (new, added, changed or gone); repeatable, or separated by commas. (default: none)
      """, valueName: "what"))
  var failOn: [FailConditions] = []

  /// The conditions in the order given, without duplicates.
  private var failConditions: [FailCondition] {
    failOn.flatMap(\.conditions).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  struct FailConditions: ExpressibleByArgument {
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
      audit: AuditSettings(allowedHosts: allowedHosts, staleAfterDays: staleAfter), maxGone: maxGone,
      failConditions: failConditions)
  }

  func validate() throws {
    guard (1...36_500).contains(staleAfter) else { throw ValidationError("--stale-after is from 1 to 36500.") }
  }
}

extension GoneLimit: ExpressibleByArgument {
  public init?(argument: String) {
    self.init(argument)
  }

  public var defaultValueDescription: String { description }
}

extension HostPattern: ExpressibleByArgument {
  public init?(argument: String) {
    self.init(argument)
  }
}
