import ArgumentParser
import Auditing

/// What the integrations are held against.
struct AuditOptions: ParsableArguments {
  @Option(
    name: .customLong("allow-host"),
    help: ArgumentHelp(
      "A host that webhooks may have, or *.example.com for the names below one; repeatable. (default: any)",
      valueName: "pattern"))
  var allowedHosts: [HostPattern] = []

  @Option(
    name: .customLong("stale-after"),
    help: ArgumentHelp("Days without an update after which an integration is stale.", valueName: "days"))
  var staleAfter = 365

  var settings: AuditSettings { AuditSettings(allowedHosts: allowedHosts, staleAfterDays: staleAfter) }

  func validate() throws {
    guard (1...36_500).contains(staleAfter) else { throw ValidationError("--stale-after is from 1 to 36500.") }
  }
}

extension HostPattern: ExpressibleByArgument {
  public init?(argument: String) {
    self.init(argument)
  }
}
