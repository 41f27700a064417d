package import Collecting
package import Gateway
package import InventoryModel
package import ProjectList
import Reporting
package import SandboxGateway
import TextFormats

/// Everything that defines a run, validated and resolved. Nothing has been read or created yet.
package struct RunPlan: Sendable {
  /// As given; `-` for standard input.
  package var listPath: String
  package var listOptions: ListReadingOptions
  /// The part of the list to process.
  package var shard: Shard
  package var mode: RunMode
  /// Maximum time since the last activity of a run to resume.
  package var resumeWithin: Duration
  package var gateway: GatewaySettings
  package var pace: PaceSettings
  /// Maximum number of requests in flight: the concurrency limit, or the number of connections that this process may
  /// open, if that is lower.
  package var connections: Int
  package var ending: RunEnding
  package var environment: [String: String]
  /// Texts that the user provided, and where each was set. None of them may contain a key.
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

  package enum RunMode: Sendable {
    case newRun
    /// Continue the newest run if it is unfinished and still matches; otherwise, start a new one.
    case resume
    /// Retry the newest run's rows that have no answer.
    case retryFailed
  }

  package enum GatewaySource: Sendable {
    case remote(BaseURL)
    /// A local gateway in this process; nil if it accepts any rate.
    case sandbox(SandboxRateLimit?)

    package var isInProcess: Bool {
      if case .sandbox = self { true } else { false }
    }
  }

  package var reports: ReportDestination { ending.reports }

  /// nil for a temporary database.
  package var databasePath: String? { ending.databasePath }

  /// This shard's part of the rate. All shards together do not exceed the whole rate.
  package var ownRate: Rate { pace.rate.divided(by: shard.count) }

  package var ownBurst: Int { max(1, pace.burst / shard.count) }

  /// When this shard's first request may start.
  ///
  /// Shards that start together take turns, one interval of the whole rate apart, so that they do not send requests at
  /// the same time.
  package var ownFirstStart: Duration { (pace.rate.interval ?? .zero) * (shard.number - 1) }

  /// The warning that the concurrency is lower than requested; nil if it is not.
  package var connectionWarning: String? {
    guard connections < pace.concurrency else { return nil }
    return """
      at most \(connections.counted("request", "requests")) in flight instead of --concurrency \(pace.concurrency), \
      because the limit of open files is low; raise it (ulimit -Hn)
      """
  }

  /// As shown in messages.
  package var listName: String { listPath == "-" ? "standard input" : listPath }

  /// As shown in messages.
  package var databaseName: String { databasePath ?? "the temporary database" }

  /// The gateway's address as recorded in the ledger. The sandbox's address is not recorded, because its port is
  /// different each time.
  package func recordedBaseURL(_ base: BaseURL) -> String { usesSandbox ? "sandbox" : base.description }

  package var usesSandbox: Bool { gateway.source.isInProcess }
}

/// Which requests share the rate.
package enum RateBudget: String, CaseIterable, Sendable {
  case all, credential
}
