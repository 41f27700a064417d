import InventoryModel
import Logging
import TextFormats

/// A cause of unanswered rows as text: the number of rows, examples and advice.
struct CauseText {
  private static let longestMessage = 160

  let cause: UnansweredCause
  /// Whether there is a database that another run can continue.
  let isResumable: Bool

  /// `101 credential-unknown (pampa, caribe, …): add them to --credentials FILE`
  ///
  /// - Parameter width: columns for the number of rows.
  func line(width: Int) -> String {
    let count = String(cause.rows)
    return String(repeating: " ", count: max(0, width - count.count)) + count
      + " \(name)\(examples): \(advice)\(message)"
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

  private var examples: String {
    let (names, count) =
      isAboutCredentials
      ? (cause.credentials.first, cause.credentials.count)
      : (cause.firstRows.map { "line \($0.line)\($0.projectID.isEmpty ? "" : " ")\($0.projectID)" }, cause.rows)
    let shown = names.map { $0.visible.clipped(to: 60) } + (count > names.count ? ["…"] : [])
    return shown.isEmpty ? "" : " (\(shown.joined(separator: ", ")))"
  }

  /// The first message, for causes that the code and the advice don't fully explain.
  private var message: String {
    switch cause.outcome {
    case .found, .notFound, .skipped, .invalidID: ""
    case .unauthorized, .invalidResponse, .failed:
      cause.firstMessage.isEmpty ? "" : "; the first: \(cause.firstMessage.visible.clipped(to: Self.longestMessage))"
    }
  }

  private var them: String { cause.credentials.count == 1 ? "it" : "them" }

  private var advice: String {
    if let advice = Self.advice[name] { return "\(advice), then \(retrying)" }
    switch cause.code {
    case let code? where ErrorCode.open.contains(code): return isResumable ? "continue with --resume" : "run again"
    case .redirect?: return "correct --base-url and start a new run: redirects are not followed"
    case .notTheGateway?:
      return "if --base-url is wrong, correct it and start a new run; if the gateway itself sends this 404, "
        + "\(retrying) --not-found-by status"
    case .dns?, .connectionRefused?:
      return "check the network, then \(retrying); if --base-url is wrong, correct it and start a new run"
    case .retryAfterTooLong?: return "\(retrying) when the gateway accepts requests again"
    case .credentialUnknown?:
      return cause.credentials.count == 0
        ? "set JELOU_API_KEY or --api-key-file, or name a credential in these rows"
        : "add \(them) to --credentials FILE"
    case .credentialRefused?, .http(401)?:
      return "check \(cause.credentials.count == 1 ? "this key" : "these keys"), then \(retrying)"
    default: break
    }
    switch cause.outcome {
    case .invalidID: return "correct the list and start a new run"
    case .invalidResponse: return "check --base-url; if it is right, report this answer to the gateway's operators"
    case .found, .notFound, .unauthorized, .failed, .skipped: return retrying
    }
  }

  private var retrying: String { isResumable ? "run again with --retry-failed" : "run again" }

  /// What to do before a retry, by error code.
  private static let advice: [String: String] = [
    "http-403": "request access to these projects for this key",
    "http-429": "lower --rate",
    "timeout": "raise --timeout or lower --concurrency",
    "tls": "check --ca-file and the gateway's certificate",
    "local-error": "check the limits and the firewall of this machine",
  ]
}
