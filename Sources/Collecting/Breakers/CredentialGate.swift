import InventoryModel
import TextFormats

/// Limits the requests with an unproven credential, and stops using one that the gateway refuses.
///
/// A credential is unproven until its first answer other than 401. Until then only so many of its requests may be
/// unanswered: ten during the first tenth of a second after the first was sent, then twice as many after each further
/// tenth, growing steadily in between, as in TCP's slow start (RFC 5681 §3.1). So a few rows that stall do not delay the
/// others. After the first 401 the limit is ten requests in all, those that were refused included. After ten answers of
/// 401 the credential is not used again: a withdrawn key must not be tried a million times, whatever the concurrency.
struct CredentialGate: Sendable {
  /// The answers of 401, with no other answer between them, after which a credential is refused; also the number of
  /// unanswered requests at first.
  static let limit = 10
  private static let doublingTime = Duration.milliseconds(100)
  private static let maximumDoublings = 20.0
  /// The shortest time between two releases of held work.
  private static let releaseInterval = Duration.milliseconds(10)

  enum Admission: Hashable, Sendable {
    case admitted
    /// An unproven credential has as many unanswered requests as it may have.
    case held
    case refused
  }

  private struct Trial {
    var refusals = 0
    /// Requests that were started and have no answer yet.
    var unanswered = 0
    /// Requests whose send time was asked for.
    var observedSends = 0
    /// When the first request was sent; opening a connection may take long. nil before.
    var firstSent: Duration?

    func allowance(at now: Duration) -> Int {
      guard refusals == 0, let firstSent else { return limit - refusals }
      let doublings = (now - firstSent) / doublingTime
      return doublings < 1 ? limit : Int(Double(limit) * power(ofTwo: min(doublings, maximumDoublings)))
    }
  }

  private enum State {
    case unproven(Trial)
    case proven
    case refused
  }

  private var states: [ExactText: State] = [:]
  /// Whether any credential is refused.
  private(set) var hasRefused = false

  private func state(of credential: String) -> State { states[ExactText(credential)] ?? .unproven(Trial()) }

  /// Whether a request may be started now.
  func admission(of credential: String, at now: Duration) -> Admission {
    switch state(of: credential) {
    case .proven: .admitted
    case .refused: .refused
    case .unproven(let trial): trial.unanswered < trial.allowance(at: now) ? .admitted : .held
    }
  }

  /// Counts a request that is started.
  ///
  /// - Returns: whether the time at which it is sent must be reported to ``noteSend(of:at:)``.
  mutating func start(_ credential: String) -> Bool {
    guard case .unproven(var trial) = state(of: credential) else { return false }
    let isObserved = trial.firstSent == nil && trial.observedSends < Self.limit
    trial.unanswered += 1
    if isObserved { trial.observedSends += 1 }
    states[ExactText(credential)] = .unproven(trial)
    return isObserved
  }

  /// Records when a request was sent.
  mutating func noteSend(of credential: String, at time: Duration) {
    guard case .unproven(var trial)? = states[ExactText(credential)] else { return }
    trial.firstSent = min(trial.firstSent ?? time, time)
    states[ExactText(credential)] = .unproven(trial)
  }

  /// Records the end of a request.
  ///
  /// - Parameter status: of its response; nil when there was none.
  mutating func noteEnd(of credential: String, status: Int?) {
    guard case .unproven(var trial)? = states[ExactText(credential)] else { return }
    trial.unanswered -= 1
    if status == 401 { trial.refusals += 1 }
    let state: State =
      switch status {
      case nil: .unproven(trial)
      case 401: trial.refusals >= Self.limit ? .refused : .unproven(trial)
      default: .proven
      }
    if case .refused = state { hasRefused = true }
    states[ExactText(credential)] = state
  }

  /// How many more requests may be started now; nil for any number.
  func room(for credential: String, at now: Duration) -> Int? {
    guard case .unproven(let trial) = state(of: credential) else { return nil }
    return max(0, trial.allowance(at: now) - trial.unanswered)
  }

  /// When the passing of time allows another request; nil where only an answer or a send does.
  func opening(for credential: String, at now: Duration) -> Duration? {
    guard case .unproven(let trial) = state(of: credential), trial.refusals == 0, let firstSent = trial.firstSent else {
      return nil
    }
    let doublings = Self.logarithm(Double(trial.unanswered + 1) / Double(Self.limit))
    guard doublings <= Self.maximumDoublings else { return nil }
    return max(now + Self.releaseInterval, firstSent + Self.doublingTime * max(1, doublings))
  }

  /// The power of two for a whole exponent, interpolated linearly between whole exponents.
  private static func power(ofTwo exponent: Double) -> Double {
    let whole = exponent.rounded(.down)
    return Double(sign: .plus, exponent: Int(whole), significand: 1 + exponent - whole)
  }

  /// The inverse of ``power(ofTwo:)``.
  private static func logarithm(_ value: Double) -> Double { Double(value.exponent) + value.significand - 1 }
}
