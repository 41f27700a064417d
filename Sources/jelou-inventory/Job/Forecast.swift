import Gateway
import InventoryModel
import ProjectList

/// What a run with these options would do; nothing was sent for it but the probes.
struct Forecast: Sendable {
  /// Of what is told one by one, of each kind.
  static let shown = 10

  /// How the list is read.
  struct Reading: Sendable {
    var encoding: String
    var delimiter: String
    var hasHeader: Bool
    var idColumn: String
    /// Three, where there are as many.
    var firstIDs: [String]
    /// Whether the list is a report for spreadsheets, see ``ProjectList/restoresCells``.
    var restoresCells: Bool
  }

  /// What one request with a credential has shown.
  struct Probe: Sendable {
    enum Verdict: String, Sendable {
      case works, refused, unknown
    }

    var project: PendingProject
    var answer: Answer
    /// nil when no request was made.
    var latencyMS: Int?

    var verdict: Verdict {
      switch answer.outcome {
      case .found, .notFound: .works
      case .unauthorized: .refused
      case .invalidResponse, .failed, .invalidID, .skipped: .unknown
      }
    }
  }

  /// A run that would be continued.
  struct EarlierRun: Sendable {
    var record: RunRecord
    var openRows: Int
  }

  /// An unfinished run that `--resume` would not continue.
  struct LeftRun: Sendable {
    var run: RunEntrance.LeftRun
    var openRows: Int
  }

  let plan: RunPlan
  let baseURL: String
  let reading: Reading
  /// Of the rows that the shard takes.
  let list: ListFigures
  let wholeListRows: Int
  /// Lines of IDs that look wrong.
  let doubts: [ProjectIDCheck.Doubt: Sample<Int>]
  /// What a user should know about the list.
  let listWarnings: [String]
  /// What would be asked with each credential.
  let shares: [CredentialShare]
  /// Names of credentials that nothing would be asked with.
  let unusedCredentials: [String]
  /// nil when a new run begins.
  let earlierRun: EarlierRun?
  /// nil when there is none to mention.
  let leftRun: LeftRun?
  /// Whether there is a database already.
  let hasDatabase: Bool
  let hasFolder: Bool
  /// nil when none was asked for.
  let probes: [Probe]?
  /// Whether the latency comes from the probes.
  let latencyIsMeasured: Bool
  let pace: PaceForecast
  /// Takes the secrets out of what is told.
  let mask: SecretMask

  /// What a user should know before the run.
  var warnings: [String] {
    var warnings = listWarnings.map(\.visible)
    if let needed = pace.neededConcurrency, needed > plan.concurrency {
      warnings.append(
        "--concurrency \(plan.concurrency) is too low for \(plan.ownRate): at \(pace.latency.inMilliseconds) ms a request it "
          + "takes \(needed); as it is, the run takes \(pace.expectedTime.inWords)")
    }
    if let limit = plan.maxDuration, limit < pace.expectedTime {
      warnings.append(
        "--max-duration (\(limit.inWords)) ends the run before everything is asked; continue it with --resume")
    }
    return warnings
  }

  /// What the process ends with, and why; nil for the sentence when all is well.
  var ending: (status: ExitStatus, reason: String?) {
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
