/// The final result of one list row. Every row ends with exactly one outcome.
package enum Outcome: String, CaseIterable, Sendable {
  /// 200 with a configuration.
  case found
  /// 404 from the gateway itself: the project has no integration.
  case notFound = "not_found"
  /// 401 or 403.
  case unauthorized
  /// 200 without a configuration, a redirect, or a 404 that does not come from the gateway itself.
  case invalidResponse = "invalid_response"
  /// No answer after all attempts.
  case failed
  /// The row's ID is invalid, so that it can't be requested.
  case invalidID = "invalid_id"
  /// The project was not requested.
  case skipped

  /// Whether the gateway reported what the project has. Act on the row only if this is true.
  package var isAnswer: Bool {
    switch self {
    case .found, .notFound: true
    case .unauthorized, .invalidResponse, .failed, .invalidID, .skipped: false
    }
  }
}
