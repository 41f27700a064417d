import InventoryModel

/// Stops using a credential that the gateway refuses.
///
/// Until the first answer other than 401, only so many requests may be unanswered with a credential: ten for a tenth of a
/// second after its first, and from then on twice as many with every further tenth, more and more in between, as in TCP's
/// slow start (RFC 5681 §3.1): a few rows that stall hold up no other. From the first 401 on it is ten in all, those that were refused
/// included; when ten are 401, the credential is not used again. A key that was withdrawn must not be tried a million
/// times, whatever the concurrency.
struct CredentialGate: Sendable {
  /// Answers of 401, and none else, after which a credential is given up; and unanswered requests at first.
  static let limit = 10
  private static let doubling = Duration.milliseconds(100)
  /// More requests are never under way.
  private static let mostDoublings = 20.0
  /// Held work is let go together after this time at least.
  private static let glance = Duration.milliseconds(10)

  enum Admission: Hashable, Sendable {
    case go
    /// As many requests are under way as an unproven credential may have.
    case hold
    case refused
  }

  private struct Trial {
    /// Of the first requests.
    var departures: [Departure] = []
    var refusals = 0
    /// Requests without an answer, those that wait for their start included.
    var unanswered = 0
    /// Of these, the requests that were sent.
    var sent = 0

    /// When the first request was really sent: connections may take long to come about. nil before.
    var firstSent: Duration? { departures.lazy.compactMap(\.time).min() }

    /// How many requests may be without an answer.
    func allowance(at now: Duration) -> Int {
      guard refusals == 0, let firstSent else { return limit - refusals }
      let doublings = (now - firstSent) / doubling
      return doublings < 1 ? limit : Int(Double(limit) * power(ofTwo: min(doublings, mostDoublings)))
    }
  }

  private enum Standing {
    case unproven(Trial)
    case proven
    case refused
  }

  private var standings: [ExactText: Standing] = [:]

  private func standing(of credential: String) -> Standing { standings[ExactText(credential)] ?? .unproven(Trial()) }

  /// Whether a request may be made; one that may is counted as unanswered.
  ///
  /// - Parameter isRetry: whether its place was taken before.
  mutating func admit(_ credential: String, isRetry: Bool, at now: Duration) -> Admission {
    switch standing(of: credential) {
    case .proven: return .go
    case .refused: return .refused
    case .unproven(var trial):
      guard isRetry || trial.unanswered < trial.allowance(at: now) else { return .hold }
      trial.unanswered += 1
      standings[ExactText(credential)] = .unproven(trial)
      return .go
    }
  }

  /// Whether a request that was admitted may be sent now that its time has come: the credential may have been refused
  /// meanwhile. One that may not is no longer counted.
  mutating func mayBegin(_ credential: String, at now: Duration) -> Admission {
    switch standing(of: credential) {
    case .proven: return .go
    case .refused: return .refused
    case .unproven(var trial):
      guard trial.sent >= trial.allowance(at: now) else { return .go }
      trial.unanswered -= 1
      standings[ExactText(credential)] = .unproven(trial)
      return .hold
    }
  }

  /// Counts an admitted request as sent.
  ///
  /// - Parameter departure: of the request, where it is to be told anyway.
  /// - Returns: the departure that has to be told.
  mutating func begin(_ credential: String, at now: Duration, _ departure: Departure?) -> Departure? {
    guard case .unproven(var trial)? = standings[ExactText(credential)] else { return departure }
    var departure = departure
    if trial.departures.count < Self.limit {
      departure = departure ?? Departure(allowed: now)
      trial.departures += [departure].compactMap { $0 }
    }
    trial.sent += 1
    standings[ExactText(credential)] = .unproven(trial)
    return departure
  }

  /// Takes in a request's end.
  ///
  /// - Parameter status: of its response; nil when none came.
  mutating func note(_ credential: String, status: Int?) {
    guard case .unproven(var trial)? = standings[ExactText(credential)] else { return }
    trial.unanswered -= 1
    trial.sent -= 1
    if status == 401 { trial.refusals += 1 }
    standings[ExactText(credential)] =
      switch status {
      case nil: .unproven(trial)
      case 401: trial.refusals >= Self.limit ? .refused : .unproven(trial)
      default: .proven
      }
  }

  /// How many held requests may be let go; nil for all.
  func room(for credential: String, at now: Duration) -> Int? {
    guard case .unproven(let trial) = standing(of: credential) else { return nil }
    return max(0, trial.allowance(at: now) - trial.unanswered)
  }

  /// When time alone may make room for a held request; nil where it takes an answer, or a request that is not sent yet.
  func opening(for credential: String, at now: Duration) -> Duration? {
    guard case .unproven(let trial) = standing(of: credential), trial.refusals == 0, !trial.departures.isEmpty else {
      return nil
    }
    guard let firstSent = trial.firstSent else { return now + Self.glance }
    let doublings = Self.logarithm(Double(trial.unanswered + 1) / Double(Self.limit))
    guard doublings <= Self.mostDoublings else { return nil }
    return max(now + Self.glance, firstSent + Self.doubling * max(1, doublings))
  }

  /// 2 to this power, and between whole ones on the straight line that joins them.
  private static func power(ofTwo exponent: Double) -> Double {
    let whole = exponent.rounded(.down)
    return Double(sign: .plus, exponent: Int(whole), significand: 1 + exponent - whole)
  }

  /// Undoes ``power(ofTwo:)``.
  private static func logarithm(_ value: Double) -> Double { Double(value.exponent) + value.significand - 1 }
}
