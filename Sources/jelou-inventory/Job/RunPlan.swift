import Auditing
import Collecting
import Gateway
import InventoryModel
import ProjectList
import Reporting
import SandboxGateway

/// Everything a run is told, checked and resolved; nothing is read or made yet.
struct RunPlan: Sendable {
  /// As given; `-` for standard input.
  var listPath: String
  var listOptions: ListReadingOptions
  /// The part of the list that is taken.
  var shard: Shard
  var reports: ReportDestination
  /// nil for a temporary one.
  var databasePath: String?
  var gateway: GatewaySource
  /// What makes a 404 an answer.
  var notFoundBy: NotFoundCriterion
  var credentials: CredentialSources
  var caFile: String?
  /// Of the whole list, as given; see ``ownRate``.
  var rate: Rate
  var burst: Int
  var rateBudget: RateBudget
  /// As given; see ``connections``.
  var concurrency: Int
  /// Requests that may be in flight: the concurrency, or as many connections as this process may open.
  var connections: Int
  var maxAttempts: Int
  var timeout: Duration
  var connectTimeout: Duration
  /// For the whole run; nil when it may take as long as it takes.
  var maxDuration: Duration?
  var audit: AuditSettings
  /// How many integrations may have disappeared before the run is held.
  var maxGone: GoneLimit
  var beginning: Beginning
  /// How long ago the run that is resumed may have been active.
  var resumeWithin: Duration
  /// What makes the run end with 1.
  var failConditions: [FailCondition]
  var environment: [String: String]
  /// What was given, with where it stands; none of it may contain a key.
  var given: [GivenText]

  enum Beginning: Sendable {
    case newRun
    /// Continue the newest run if it is unfinished and still fits, or start a new one.
    case resume
    /// Ask again for the newest run's rows that have no answer.
    case retryFailed
  }

  enum GatewaySource: Sendable {
    case remote(BaseURL)
    /// A local one in this process; nil where it takes any rate.
    case sandbox(SandboxRateLimit?)

    var isInProcess: Bool {
      if case .sandbox = self { true } else { false }
    }
  }

  /// What this shard takes of the rate, so that all of them together keep it.
  var ownRate: Rate { rate.divided(by: shard.count) }

  var ownBurst: Int { max(1, burst / shard.count) }

  /// When this shard's first request may start, so that shards which begin together don't send together: they take turns, an
  /// interval of the whole rate apart.
  var ownFirstStart: Duration { (rate.interval ?? .zero) * (shard.number - 1) }

  /// What to tell of a limit that is lower than what was asked for; nil where there is none.
  var connectionWarning: String? {
    guard connections < concurrency else { return nil }
    return """
      at most \(connections.counted("request", "requests")) at a time instead of --concurrency \(concurrency), because \
      this process may have few files and connections open (ulimit -Hn)
      """
  }

  /// As shown in messages.
  var listName: String { listPath == "-" ? "standard input" : listPath }

  /// As shown in messages.
  var databaseName: String { databasePath ?? "the temporary database" }

  /// What the ledger keeps of the gateway's address. The one in this process has another port each time.
  func recordedBaseURL(_ base: BaseURL) -> String { usesSandbox ? "sandbox" : base.description }

  var usesSandbox: Bool { gateway.isInProcess }
}
