package import Gateway
package import InventoryModel
package import ProjectList
import TextFormats

/// What a run with these options would do; nothing was sent for it but the probes.
package struct Forecast: Sendable {
  /// Of what is told one by one, of each kind.
  package static let shown = 10

  /// How the list is read.
  package struct Reading: Sendable {
    package var encoding: String
    package var delimiter: String
    package var hasHeader: Bool
    package var idColumn: String
    /// Three, where there are as many.
    package var firstIDs: [String]
    /// Whether the list is a report for spreadsheets, see ``ProjectListReader/restoresCells``.
    package var restoresCells: Bool
  }

  /// What one request with a credential has shown.
  package struct Probe: Sendable {
    package enum Verdict: String, Sendable {
      case works, refused, unknown
    }

    package var project: PendingProject
    package var answer: Answer
    /// nil when no request was made.
    package var latencyMS: Int?

    package var verdict: Verdict {
      switch answer.outcome {
      case .found, .notFound: .works
      case .unauthorized: .refused
      case .invalidResponse, .failed, .invalidID, .skipped: .unknown
      }
    }
  }

  /// A run that would be continued.
  package struct EarlierRun: Sendable {
    package var record: RunRecord
    package var openRows: Int
  }

  /// An unfinished run that `--resume` would not continue.
  package struct LeftRun: Sendable {
    package var run: RunOpener.LeftRun
    package var openRows: Int
  }

  package let plan: RunPlan
  package let baseURL: String
  package let reading: Reading
  /// Of the rows that the shard takes.
  package let list: ListStatistics
  package let wholeListRows: Int
  /// Lines of IDs that look wrong.
  package let doubts: [ProjectIDCheck.Doubt: Sample<Int>]
  /// What a user should know about the list.
  package let listWarnings: [String]
  /// What would be asked with each credential.
  package let shares: [CredentialShare]
  /// Names of credentials that nothing would be asked with.
  package let unusedCredentials: [String]
  /// nil when a new run begins.
  package let earlierRun: EarlierRun?
  /// nil when there is none to mention.
  package let leftRun: LeftRun?
  /// Whether there is a database already.
  package let hasDatabase: Bool
  package let hasFolder: Bool
  /// nil when none was asked for.
  package let probes: [Probe]?
  /// Whether the latency comes from the probes.
  package let latencyIsMeasured: Bool
  package let pace: PaceForecast
  /// Takes the secrets out of what is told.
  package let mask: SecretMask

  /// What a user should know before the run.
  package var warnings: [String] {
    var warnings = listWarnings.map(\.visible)
    if let needed = pace.neededConcurrency, needed > plan.pace.concurrency {
      warnings.append(
        "--concurrency \(plan.pace.concurrency) is too low for \(plan.ownRate): at \(pace.latency.inMilliseconds) ms a "
          + "request it takes \(needed); as it is, the run takes \(pace.expectedTime.inWords)")
    }
    if let limit = plan.pace.maxDuration, limit < pace.expectedTime {
      warnings.append(
        "--max-duration (\(limit.inWords)) ends the run before everything is asked; continue it with --resume")
    }
    return warnings
  }

  /// What the process ends with, and why; nil for the sentence when all is well.
  package var ending: (status: ExitStatus, reason: String?) {
    guard let probes, !probes.isEmpty else { return (.complete, nil) }
    if probes.allSatisfy({ $0.verdict == .refused }) {
      return (.refusedCredentials, "The gateway refused every credential. Check the keys and --base-url.")
    }
    if probes.allSatisfy({ $0.answer.httpStatus == nil }) {
      return (.gatewayUnreachable, RunSummary.noAnswer(from: baseURL))
    }
    if !probes.contains(where: { $0.verdict == .works }) {
      let isElsewhere = probes.contains { $0.answer.error?.code == .notTheGateway }
      let advice = isElsewhere ? RunSummary.wrongAddress(baseURL) : "The probe says why."
      return (.incomplete, "No credential is known to work. \(advice)")
    }
    return (.complete, nil)
  }
}
