import ArgumentParser
import Collecting
import InventoryJobs

/// The rate limit, concurrency limit, number of attempts and timeouts.
struct PaceOptions: ConfigurableOptions {
  @Option(
    help: ArgumentHelp(
      "Maximum rate of requests per second, minute or hour, retries included. 0 means no limit.",
      valueName: "n[/s|/m|/h]"))
  var rate = Rate.standard

  @Option(help: ArgumentHelp("Maximum number of requests that start at once after an idle period.", valueName: "n"))
  var burst = 1

  @Option(
    name: .customLong("rate-scope"),
    help: ArgumentHelp(
      "Apply the rate to all requests together (all), or to each credential (credential).", valueName: "scope")
  )
  var rateScope = RateBudget.all

  @Option(help: ArgumentHelp("Maximum number of requests in flight.", valueName: "n"))
  var concurrency = 8

  @Option(
    name: .customLong("max-attempts"),
    help: ArgumentHelp(
      "Maximum number of attempts per project. Retries use jittered exponential backoff.", valueName: "n"))
  var maxAttempts = 5

  @Option(help: ArgumentHelp("Timeout of an attempt, from connecting to the last byte.", valueName: "duration"))
  var timeout = TimeSpan.seconds(30)

  @Option(
    name: .customLong("connect-timeout"),
    help: ArgumentHelp("Timeout of connecting to the gateway.", valueName: "duration"))
  var connectTimeout = TimeSpan.seconds(10)

  @Option(
    name: .customLong("max-duration"),
    help: ArgumentHelp(
      "Maximum duration of the run. Pending rows are left for --resume, and reports are written. (default: none)",
      valueName: "duration"))
  var maxDuration: TimeSpan?

  var settings: RunPlan.PaceSettings {
    RunPlan.PaceSettings(
      rate: rate, burst: burst, rateBudget: rateScope, concurrency: concurrency, maxAttempts: maxAttempts,
      timeout: timeout.duration, connectTimeout: connectTimeout.duration, maxDuration: maxDuration?.duration)
  }

  func validate() throws {
    guard (1...1_000_000).contains(burst) else {
      throw ValidationError("--burst is \(burst); use a number from 1 to 1000000.")
    }
    guard (1...10_000).contains(concurrency) else {
      throw ValidationError("--concurrency is \(concurrency); use a number from 1 to 10000.")
    }
    guard (1...100).contains(maxAttempts) else {
      throw ValidationError("--max-attempts is \(maxAttempts); use a number from 1 to 100.")
    }
  }
}

extension RateBudget: NamedValue {}

extension Rate: ExplainedValue {
  static let syntax = "a number with /s, /m or /h, for example 10/s; 0 means no limit"

  static let standard = Rate(perSecond: 10)
  static let unlimited = Rate(perSecond: 0)

  public init?(argument: String) {
    self.init(argument)
  }

  public var defaultValueDescription: String { description }
}
