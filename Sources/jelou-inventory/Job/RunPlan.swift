import Collecting
import Gateway
import ProjectList
import Reporting

/// Everything a run is told, checked and resolved; nothing is read or made yet.
struct RunPlan: Sendable {
  /// As given; `-` for standard input.
  var listPath: String
  var listOptions: ListReadingOptions
  var reports: ReportFolder
  var databasePath: String
  var gateway: GatewaySource
  var credentials: CredentialSources
  var caFile: String?
  var rate: Rate
  var burst: Int
  var concurrency: Int
  var maxAttempts: Int
  var timeout: Duration
  var connectTimeout: Duration
  var environment: [String: String]

  enum GatewaySource: Sendable {
    case remote(BaseURL)
    /// A local one in this process.
    case sandbox
  }

  var usesSandbox: Bool {
    if case .sandbox = gateway { true } else { false }
  }
}
