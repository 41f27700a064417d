import ArgumentParser
import Collecting
import InventoryJobs

/// The rate limit, concurrency limit, number of attempts and timeouts.
struct PaceOptions: ConfigurableOptions {
  @Option(
    help: ArgumentHelp(
      "Requests started a second (or /m, /h), retries included; 0 means no limit.", valueName: "n[/s|/m|/h]"))
  var rate = Rate.standard

  @Option(help: ArgumentHelp("Requests that may start together after a pause.", valueName: "n"))
  var burst = 1

  @Option(
    name: .customLong("rate-scope"),
    help: ArgumentHelp("all: one rate for all requests; credential: that rate for each credential.", valueName: "scope")
  )
  var rateScope = RateBudget.all

  @Option(help: ArgumentHelp("Requests in flight.", valueName: "n"))
  var concurrency = 8

  @Option(name: .customLong("max-attempts"), help: ArgumentHelp("Requests for one project at most.", valueName: "n"))
  var maxAttempts = 5

  @Option(
    help: ArgumentHelp(
      "For one whole request, from connection to last byte: seconds, or 500ms, 30s, 10m, 6h, 2d.",
      valueName: "duration"))
  var timeout = TimeSpan.seconds(30)

  @Option(
    name: .customLong("connect-timeout"),
    help: ArgumentHelp("For the connection alone: seconds, or a number with a unit.", valueName: "duration"))
  var connectTimeout = TimeSpan.seconds(10)

  @Option(
    name: .customLong("max-duration"),
    help: ArgumentHelp(
      """
      For the whole run: seconds, or 30m, 6h, 2d; then open rows are left for --resume, and the reports written. \
      (default: none)
      """,
      valueName: "duration"))
  var maxDuration: TimeSpan?

  var settings: RunPlan.PaceSettings {
    RunPlan.PaceSettings(
      rate: rate, burst: burst, rateBudget: rateScope, concurrency: concurrency, maxAttempts: maxAttempts,
      timeout: timeout.duration, connectTimeout: connectTimeout.duration, maxDuration: maxDuration?.duration)
  }

  func validate() throws {
    guard (1...1_000_000).contains(burst) else { throw ValidationError("--burst is from 1 to 1000000.") }
    guard (1...10_000).contains(concurrency) else { throw ValidationError("--concurrency is from 1 to 10000.") }
    guard (1...100).contains(maxAttempts) else { throw ValidationError("--max-attempts is from 1 to 100.") }
  }
}

extension RateBudget: ExpressibleByArgument {}

extension Rate: ExpressibleByArgument {
  static let standard = Rate(perSecond: 10)
  static let unlimited = Rate(perSecond: 0)

  public init?(argument: String) {
    self.init(argument)
  }

  public var defaultValueDescription: String { description }
}
