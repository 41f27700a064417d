import InventoryModel

/// One rate budget: the rate that was asked for, and how far below it the gateway has pushed it.
///
/// A refusal (429), or a header that says the budget is used up, halves the rate for all requests of the budget at once;
/// answers without one bring it back step by step: additive increase, multiplicative decrease, as in TCP's congestion
/// avoidance (RFC 5681 §3.1).
struct AdaptivePacer: Sendable {
  /// The longest time for which nothing is asked at all; then one request finds out.
  private static let longestPause = Duration.seconds(60)
  /// The rate is never pushed lower than this, in requests a second.
  private static let slowest = 0.1
  /// The rate rises by this part of the full one, after so many answers and not sooner than the pause, or after the
  /// patience with whatever answers there were.
  private static let step = 0.05
  private static let answersPerStep = 20
  private static let stepPause = Duration.seconds(1)
  private static let patience = Duration.seconds(10)
  /// Where no rate was asked for, the limit goes when the rate has come to this many times what it was at first.
  private static let release = 4.0

  private var pacer: Pacer
  /// Requests a second that were asked for; nil when there is no limit.
  private let full: Double?
  /// Requests a second at present; nil while it is not lowered.
  private(set) var lowered: Double?
  /// What the steps are a part of: the full rate, or what went out when the gateway first refused.
  private var reference = 1.0
  private var loweredAt = Duration.zero
  private var steppedAt = Duration.zero
  /// Answers without a refusal to requests that began after the rate was lowered last: since then, and since the step.
  private var goodAnswers = 0
  private var goodAnswersSinceStep = 0
  private var loweredSince: Duration?
  private var loweredBefore = Duration.zero
  private var starts = StartMeter()

  init(rate: Rate, burst: Int) {
    pacer = Pacer(rate: rate, burst: burst)
    full = rate.interval.map { .seconds(1) / $0 }
  }

  func earliest(at now: Duration) -> Duration { pacer.earliest(at: now) }

  mutating func reserve(at now: Duration) -> Pacer.Start { pacer.reserve(at: now) }

  mutating func confirm(_ start: Pacer.Start, at now: Duration) -> Pacer.Confirmation {
    let confirmation = pacer.confirm(start, at: now)
    if case .go = confirmation { starts.count(at: now) }
    return confirmation
  }

  /// How long the rate has been lower than was asked for.
  func loweredTime(at now: Duration) -> Duration {
    loweredBefore + (loweredSince.map { now - $0 } ?? .zero)
  }

  /// Takes in what a response says of the rate.
  ///
  /// - Parameter began: when its request was sent. What was sent before the rate was lowered last tells nothing new.
  mutating func note(_ throttling: Throttling?, began: Duration, at now: Duration) {
    guard lowered == nil || began >= loweredAt else { return }
    if let throttling {
      lower(throttling, at: now)
    } else if let lowered {
      goodAnswers += 1
      goodAnswersSinceStep += 1
      let pause = now - steppedAt
      if goodAnswersSinceStep >= Self.answersPerStep && pause >= Self.stepPause || pause >= Self.patience {
        raise(from: lowered, at: now)
      }
    }
  }

  private mutating func lower(_ throttling: Throttling, at now: Duration) {
    let isSecondInARow = lowered != nil && goodAnswers == 0
    let before = lowered ?? full ?? max(1, starts.perSecond(at: now))
    if lowered == nil {
      reference = before
      loweredSince = now
    }
    let rate = max(before / 2, min(Self.slowest, before))
    lowered = rate
    loweredAt = now
    steppedAt = now
    goodAnswers = 0
    goodAnswersSinceStep = 0
    // A single refusal may be about its own project; a second one in a row is about all of them.
    let asked = throttling.isRefusal && !isSecondInARow ? .zero : throttling.pause ?? .zero
    let spacing = Duration.seconds(1 / rate)
    pacer.slow(to: spacing, from: now + max(spacing, min(asked, Self.longestPause)))
  }

  private mutating func raise(from rate: Double, at now: Duration) {
    let rate = rate + reference * Self.step
    steppedAt = now
    goodAnswersSinceStep = 0
    guard rate < full ?? reference * Self.release else {
      lowered = nil
      loweredBefore += loweredSince.map { now - $0 } ?? .zero
      loweredSince = nil
      return pacer.recover(to: nil)
    }
    lowered = rate
    pacer.recover(to: .seconds(1 / rate))
  }
}

/// Counts starts by the second, to know what goes out when no rate was asked for.
private struct StartMeter {
  /// The part of a second that a rate can be told from.
  private static let shortestPart = 0.05

  private var second: Int64 = -1
  private var current = 0
  private var last = 0

  mutating func count(at now: Duration) {
    turn(to: now)
    current += 1
  }

  /// Starts a second, in the last one that is over, or in this one if there are more of them.
  mutating func perSecond(at now: Duration) -> Double {
    turn(to: now)
    let part = max((now - .seconds(second)) / .seconds(1), Self.shortestPart)
    return max(Double(last), Double(current) / part)
  }

  private mutating func turn(to now: Duration) {
    let this = now.components.seconds
    guard this != second else { return }
    last = this == second + 1 ? current : 0
    current = 0
    second = this
  }
}
