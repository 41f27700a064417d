package import Collecting
package import Gateway
package import InventoryModel
package import ProjectList
import Reporting
package import SandboxGateway
import TextFormats

/// Everything that defines a run, checked and resolved; nothing is read or created yet.
package struct RunPlan: Sendable {
  /// As given; `-` for standard input.
  package var listPath: String
  package var listOptions: ListReadingOptions
  /// The part of the list that is taken.
  package var shard: Shard
  package var mode: RunMode
  /// How long ago the run that is resumed may have been active.
  package var resumeWithin: Duration
  package var gateway: GatewaySettings
  package var pace: PaceSettings
  /// Requests that may be in flight: the concurrency, or as many connections as this process may open.
  package var connections: Int
  package var ending: RunEnding
  package var environment: [String: String]
  /// What was given, with where it stands; none of it may contain a key.
  package var given: [GivenText]

  package init(
    listPath: String, listOptions: ListReadingOptions, shard: Shard, mode: RunMode, resumeWithin: Duration,
    gateway: GatewaySettings, pace: PaceSettings, connections: Int, ending: RunEnding, environment: [String: String],
    given: [GivenText]
  ) {
    self.listPath = listPath
    self.listOptions = listOptions
    self.shard = shard
    self.mode = mode
    self.resumeWithin = resumeWithin
    self.gateway = gateway
    self.pace = pace
    self.connections = connections
    self.ending = ending
    self.environment = environment
    self.given = given
  }

  /// Which gateway is asked, and with which credentials.
  package struct GatewaySettings: Sendable {
    package var source: GatewaySource
    /// What makes a 404 an answer.
    package var notFoundBy: NotFoundCriterion
    package var credentials: CredentialSources
    /// Trust roots in addition to the system's trust store; nil for none.
    package var caFile: String?

    package init(
      source: GatewaySource, notFoundBy: NotFoundCriterion, credentials: CredentialSources, caFile: String?
    ) {
      self.source = source
      self.notFoundBy = notFoundBy
      self.credentials = credentials
      self.caFile = caFile
    }
  }

  /// How fast, how much at a time, how often and how long.
  package struct PaceSettings: Sendable {
    /// Of the whole list, as given; see ``RunPlan/ownRate``.
    package var rate: Rate
    package var burst: Int
    package var rateBudget: RateBudget
    /// As given; see ``RunPlan/connections``.
    package var concurrency: Int
    package var maxAttempts: Int
    package var timeout: Duration
    package var connectTimeout: Duration
    /// For the whole run; nil for no limit.
    package var maxDuration: Duration?

    package init(
      rate: Rate, burst: Int, rateBudget: RateBudget, concurrency: Int, maxAttempts: Int, timeout: Duration,
      connectTimeout: Duration, maxDuration: Duration?
    ) {
      self.rate = rate
      self.burst = burst
      self.rateBudget = rateBudget
      self.concurrency = concurrency
      self.maxAttempts = maxAttempts
      self.timeout = timeout
      self.connectTimeout = connectTimeout
      self.maxDuration = maxDuration
    }
  }

  package enum RunMode: Sendable {
    case newRun
    /// Continue the newest run if it is unfinished and still fits, or start a new one.
    case resume
    /// Ask again for the newest run's rows that have no answer.
    case retryFailed
  }

  package enum GatewaySource: Sendable {
    case remote(BaseURL)
    /// A local one in this process; nil where it takes any rate.
    case sandbox(SandboxRateLimit?)

    package var isInProcess: Bool {
      if case .sandbox = self { true } else { false }
    }
  }

  package var reports: ReportDestination { ending.reports }

  /// nil for a temporary one.
  package var databasePath: String? { ending.databasePath }

  /// What this shard takes of the rate, so that all of them together keep it.
  package var ownRate: Rate { pace.rate.divided(by: shard.count) }

  package var ownBurst: Int { max(1, pace.burst / shard.count) }

  /// When this shard's first request may start, so that shards which begin together don't send together: they take turns, an
  /// interval of the whole rate apart.
  package var ownFirstStart: Duration { (pace.rate.interval ?? .zero) * (shard.number - 1) }

  /// What to tell of a limit that is lower than what was asked for; nil where there is none.
  package var connectionWarning: String? {
    guard connections < pace.concurrency else { return nil }
    return """
      at most \(connections.counted("request", "requests")) at a time instead of --concurrency \(pace.concurrency), \
      because \
      this process may have few files and connections open (ulimit -Hn)
      """
  }

  /// As shown in messages.
  package var listName: String { listPath == "-" ? "standard input" : listPath }

  /// As shown in messages.
  package var databaseName: String { databasePath ?? "the temporary database" }

  /// What the ledger keeps of the gateway's address. The one in this process has another port each time.
  package func recordedBaseURL(_ base: BaseURL) -> String { usesSandbox ? "sandbox" : base.description }

  package var usesSandbox: Bool { gateway.source.isInProcess }
}

/// Whose requests share the rate.
package enum RateBudget: String, CaseIterable, Sendable {
  case all, credential
}
