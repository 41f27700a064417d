/// What became of one row of the list. Every row ends with exactly one.
package enum Outcome: String, CaseIterable, Sendable {
  /// 200 with a configuration.
  case found
  /// 404 with the gateway's own answer: the project has no integration.
  case notFound = "not_found"
  /// 401 or 403.
  case unauthorized
  /// 200 that is no configuration, a redirect, or a 404 that is not the gateway's own.
  case invalidResponse = "invalid_response"
  /// No answer after all attempts.
  case failed
  /// The row's ID can't be asked for.
  case invalidID = "invalid_id"
  /// Not asked.
  case skipped

  /// Whether the gateway has told what the project has: only then may the row be acted on.
  package var isAnswer: Bool {
    switch self {
    case .found, .notFound: true
    case .unauthorized, .invalidResponse, .failed, .invalidID, .skipped: false
    }
  }
}
