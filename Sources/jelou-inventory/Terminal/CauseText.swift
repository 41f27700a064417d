import InventoryModel
import Logging
import TextFormats

/// A cause of unanswered rows as text: the number of rows, examples and advice.
struct CauseText {
  private static let longestMessage = 160

  let cause: UnansweredCause
  /// Whether there is a database that another run can continue.
  let isResumable: Bool

  /// `credential-unknown (pampa, caribe, …): add them to --credentials FILE`
  var sentence: String {
    guard let measure else { return "\(name)\(examples)" }
    return "\(name)\(examples): \(measure)"
  }

  /// The cause as fields of a log record.
  var fields: Logger.Metadata {
    [
      "rows": "\(cause.rows)", "outcome": "\(cause.outcome.rawValue)", "error_code": "\(cause.code?.rawValue ?? "")",
      "advice": "\(advice)", "message": "\(cause.firstMessage)",
      "credentials": .array(isAboutCredentials ? cause.credentials.first.map { .string($0) } : []),
      "first": .array(
        cause.firstRows.map { .dictionary(["line": "\($0.line)", "project_id": "\($0.projectID)"]) }),
    ]
  }

  private var name: String { cause.code?.rawValue ?? cause.outcome.rawValue }

  /// Whether the cause is the credential and not the project.
  private var isAboutCredentials: Bool {
    let codes: [ErrorCode?] = [.credentialUnknown, .credentialRefused, .http(401)]
    return codes.contains(cause.code) && cause.credentials.count > 0
  }

  /// The credentials, or the lines with the ID of a single row.
  private var examples: String {
    let more: (Int, Int) -> [String] = { $0 > $1 ? ["…"] : [] }
    if isAboutCredentials {
      let names = cause.credentials.first.map { $0.visible.clipped(to: 60) }
      return " (\((names + more(cause.credentials.count, names.count)).joined(separator: ", ")))"
    }
    guard let first = cause.firstRows.first else { return "" }
    if cause.rows == 1 { return " (line \(first.line)\(first.projectID.isEmpty ? "" : " ")\(id(first)))" }
    let lines = cause.firstRows.map { String($0.line) } + more(cause.rows, cause.firstRows.count)
    return " (lines \(lines.joined(separator: ", ")))"
  }

  private func id(_ row: UnansweredCause.Row) -> String { row.projectID.visible.clipped(to: 60) }

  /// The message of the first row; nil for causes that the code and the advice fully explain.
  var message: String? {
    switch cause.outcome {
    case .found, .notFound, .skipped, .invalidID: nil
    case .unauthorized, .invalidResponse, .failed:
      cause.firstMessage.isEmpty ? nil : cause.firstMessage.visible.clipped(to: Self.longestMessage)
    }
  }

  /// What has to be done before another run can answer these rows.
  private enum Remedy {
    case retry(after: String?)
    case resume
    case newRun(after: String)
  }

  private var remedy: Remedy {
    if let measure = Self.measures[name] { return .retry(after: measure) }
    switch cause.code {
    case let code? where ErrorCode.open.contains(code): return .resume
    case .redirect?: return .newRun(after: "correct --base-url")
    case .credentialUnknown?:
      return .retry(
        after: cause.credentials.count == 0
          ? "set JELOU_API_KEY or --api-key-file, or name a credential in these rows"
          : "add \(cause.credentials.count == 1 ? "it" : "them") to --credentials FILE")
    case .credentialRefused?, .http(401)?:
      return .retry(after: "check \(cause.credentials.count == 1 ? "this key" : "these keys")")
    default: break
    }
    switch cause.outcome {
    case .invalidID: return .newRun(after: "correct the list")
    case .invalidResponse: return .retry(after: "check --base-url or ask the gateway's team")
    case .failed where name.hasPrefix("http-5"): return .retry(after: "wait until the gateway has recovered")
    case .found, .notFound, .unauthorized, .failed, .skipped: return .retry(after: nil)
    }
  }

  /// What to do before the run is resumed or retried; nil if nothing.
  private var measure: String? {
    switch remedy {
    case .retry(let measure): measure
    case .resume: nil
    case .newRun(let measure): measure
    }
  }

  /// Whether a retry can't answer these rows, because the list or the base URL has to be changed.
  var needsNewRun: Bool { if case .newRun = remedy { true } else { false } }

  /// Whether one of the remedies requires a new run.
  var mayNeedNewRun: Bool { needsNewRun || cause.code == .notTheGateway }

  private var advice: String {
    switch remedy {
    case .retry(let measure):
      let retry = isResumable ? "run again with --retry-failed" : "run again"
      return measure.map { "\($0), then \(retry)" } ?? retry
    case .resume: return isResumable ? "continue with --resume" : "run again"
    case .newRun(let measure): return "\(measure), then start a new run"
    }
  }

  /// What to do before a retry, by error code.
  private static let measures: [String: String] = [
    "http-403": "request access for this key",
    "http-429": "lower --rate",
    "timeout": "raise --timeout or lower --concurrency",
    "tls": "check --ca-file and the gateway's certificate",
    "dns": "check the network and --base-url",
    "connection-refused": "check the network and --base-url",
    "not-the-gateway": "correct --base-url, or add --not-found-by status if the gateway itself sends this 404",
    "retry-after-too-long": "wait until the gateway accepts requests again",
    "local-error": "check the limits and the firewall of this machine",
  ]
}
