package import Gateway
package import InventoryModel
package import ProjectList
import TextFormats

/// What a run with these options would do. Only the probes send requests.
package struct Forecast: Sendable {
  /// Maximum number of items of each kind that are listed individually.
  package static let shown = 10

  /// How the list is read.
  package struct Reading: Sendable {
    package var encoding: String
    package var delimiter: String
    package var hasHeader: Bool
    package var idColumn: String
    /// The first three IDs, or fewer if fewer were read.
    package var firstIDs: [String]
    /// Whether the list is a report for spreadsheets; see ``ProjectListReader/restoresCells``.
    package var restoresCells: Bool
  }

  /// The result of one request with a credential.
  package struct Probe: Sendable {
    package enum Verdict: String, Sendable {
      case works, refused, unknown
    }

    package var project: PendingProject
    package var answer: Answer
    /// In milliseconds; nil if no request was sent.
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
  /// Statistics of the shard's rows.
  package let list: ListStatistics
  package let wholeListRows: Int
  /// Lines whose IDs look wrong.
  package let doubts: [ProjectIDCheck.Doubt: Sample<Int>]
  /// Warnings about the list, for the user.
  package let listWarnings: [String]
  /// The work for each credential.
  package let shares: [CredentialShare]
  /// Names of credentials for which there is no work.
  package let unusedCredentials: [String]
  /// nil if a new run starts.
  package let earlierRun: EarlierRun?
  /// nil if there is none to report.
  package let leftRun: LeftRun?
  /// Whether the database already exists.
  package let hasDatabase: Bool
  package let hasFolder: Bool
  /// nil if no probes were requested.
  package let probes: [Probe]?
  /// Whether the latency comes from the probes.
  package let latencyIsMeasured: Bool
  package let pace: PaceForecast
  /// Masks secrets in displayed text.
  package let mask: SecretMask

  /// Warnings for the user before the run starts.
  package var warnings: [String] {
    var warnings = listWarnings.map(\.visible)
    if let needed = pace.neededConcurrency, needed > plan.pace.concurrency {
      warnings.append(
        "--concurrency \(plan.pace.concurrency) is too low for \(plan.ownRate): at \(pace.latency.inMilliseconds) ms "
          + "per request, \(needed) are needed; otherwise, the run takes \(pace.expectedTime.inWords)"
      )
    }
    if let limit = plan.pace.maxDuration, limit < pace.expectedTime {
      warnings.append(
        "--max-duration (\(limit.inWords)) ends the run before all projects are requested; continue it with --resume")
    }
    return warnings
  }

  /// The exit status and the reason for it; the reason is nil if there is no problem.
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
      let advice = isElsewhere ? RunSummary.wrongAddress(baseURL) : "See the results of the probe."
      return (.incomplete, "The probe did not confirm any credential. \(advice)")
    }
    return (.complete, nil)
  }
}
