import InventoryModel

/// Stops using a credential that the gateway refuses.
///
/// Until the first answer other than 401, no more than ten requests are made with a credential; when all ten are 401, it
/// is not used again. A key that was withdrawn must not be tried a million times, whatever the concurrency.
struct CredentialGate: Sendable {
  /// Answers of 401, and none else, after which a credential is given up.
  static let limit = 10

  enum Admission: Hashable, Sendable {
    case go
    /// As many requests are under way as an unproven credential may have.
    case hold
    case refused
  }

  private enum Standing {
    case unproven(refusals: Int, inFlight: Int)
    case proven
    case refused
  }

  private var standings: [ExactText: Standing] = [:]

  /// Whether a request may be made; one that may is counted as under way.
  ///
  /// - Parameter isRetry: whether its place was taken before.
  mutating func admit(_ credential: String, isRetry: Bool) -> Admission {
    let credential = ExactText(credential)
    switch standings[credential] ?? .unproven(refusals: 0, inFlight: 0) {
    case .proven: return .go
    case .refused: return .refused
    case .unproven(let refusals, let inFlight):
      guard isRetry || refusals + inFlight < Self.limit else { return .hold }
      standings[credential] = .unproven(refusals: refusals, inFlight: inFlight + 1)
      return .go
    }
  }

  /// Takes in a request's end.
  ///
  /// - Parameter status: of its response; nil when none came.
  mutating func note(_ credential: String, status: Int?) {
    let credential = ExactText(credential)
    guard case .unproven(let refusals, let inFlight)? = standings[credential] else { return }
    switch status {
    case 401 where refusals + 1 >= Self.limit: standings[credential] = .refused
    case 401: standings[credential] = .unproven(refusals: refusals + 1, inFlight: inFlight - 1)
    case nil: standings[credential] = .unproven(refusals: refusals, inFlight: inFlight - 1)
    default: standings[credential] = .proven
    }
  }
}
