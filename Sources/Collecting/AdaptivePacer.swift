import InventoryModel

/// One rate budget: the rate that was asked for, and how far below it the gateway has pushed it.
///
/// Refusals (429) that follow from the rate, as the ``RefusalMeter`` finds, halve it for all requests of the budget at once;
/// answers without one bring it back, as the ``RateRecovery`` says. A refusal of another kind costs its own project a wait
/// and no more. A window that is reported used up is waited for, at the same rate.
struct AdaptivePacer: Sendable {
  /// The longest pause that is kept as it is asked for; of a longer one, only so much before requests find out.
  private static let longestPause = RetryPolicy.longestRetryAfter
  private static let pauseBeforeProbe = Duration.seconds(60)
  /// The rate is never pushed lower than this, in requests a second.
  private static let slowest = 0.1
  /// A rate is well below the level at which refusals came up to this part of it.
  private static let wellBelow = 0.7
  /// Where no rate was asked for, the limit goes when the rate has come to this many times the level.
  private static let release = 2.0

  private var pacer: Pacer
  /// Requests a second that were asked for; nil when there is no limit.
  private let full: Double?
  /// Requests a second at present; nil while it is not lowered.
  private(set) var lowered: Double?
  /// The way back; nil while the rate is not lowered.
  private var recovery: RateRecovery?
  private var refusals = RefusalMeter()
  /// Requests a second that the gateway's own headers allow; nil when they don't say.
  private var allowed: Double?
  /// When the rate was lowered last, and when a window was last reported used up.
  private var loweredAt = Duration.zero
  private var heldAt = Duration.zero
  private var holdEnd = Duration.zero
  private var loweredSince: Duration?
  private var loweredBefore = Duration.zero
  private var starts = StartMeter()

  /// - Parameter firstStart: see ``Pacer/init(rate:burst:firstStart:)``.
  init(rate: Rate, burst: Int, firstStart: Duration = .zero) {
    pacer = Pacer(rate: rate, burst: burst, firstStart: firstStart)
    full = rate.interval.map { .seconds(1) / $0 }
  }

  func earliest(at now: Duration) -> Duration { pacer.earliest(at: now) }

  mutating func reserve(at now: Duration) -> Pacer.Start { pacer.reserve(at: now) }

  mutating func confirm(_ start: Pacer.Start, at now: Duration) -> Pacer.Confirmation {
    let confirmation = pacer.confirm(start, at: now)
    if case .go = confirmation { starts.count(at: now) }
    return confirmation
  }

  /// How long the gateway has held the rate lower than was asked for, windows that were waited for included.
  func loweredTime(at now: Duration) -> Duration {
    loweredBefore + (loweredSince.map { now - $0 } ?? min(.zero, now - holdEnd))
  }

  /// Takes in what a response says of the rate.
  ///
  /// - Parameter began: when its request was sent. A refusal of what was sent before the rate was lowered last, or before
  ///   the window was known to be used up, tells nothing new.
  mutating func note(_ throttling: Throttling?, began: Duration, at now: Duration) {
    if let rate = throttling?.allowedRate { allowed = rate }
    let isRefusal = throttling?.isRefusal ?? false
    if began >= (isRefusal ? max(loweredAt, heldAt) : loweredAt) {
      let isWellBelow = recovery.map { lowered ?? .infinity < $0.level * Self.wellBelow } ?? false
      if let share = refusals.note(isRefusal: isRefusal, isWellBelow: isWellBelow) {
        lower(byShare: share, pause: throttling?.pause, at: now)
      } else if !isRefusal {
        recover(at: now)
      }
    }
    if let throttling, throttling.isUsedUp, let pause = throttling.pause { hold(for: pause, at: now) }
  }

  /// - Parameter share: of refusals among the latest answers.
  private mutating func lower(byShare share: Double, pause: Duration?, at now: Duration) {
    let before = lowered ?? full ?? max(1, starts.perSecond(at: now))
    // What the gateway has taken, in about: the share may be high by chance.
    let recovery = RateRecovery(level: before * (1 - min(share, 0.5)), at: now)
    let rate = max(recovery.rate, min(Self.slowest, before), min(allowed ?? 0, before))
    self.recovery = recovery
    if loweredSince == nil {
      loweredSince = now
      loweredBefore += min(.zero, now - holdEnd)
      holdEnd = now
    }
    lowered = rate
    loweredAt = now
    let spacing = Duration.seconds(1 / rate)
    pacer.slow(to: spacing, from: now + max(spacing, Self.kept(pause ?? .zero)))
  }

  private mutating func recover(at now: Duration) {
    guard var recovery, let lowered else { return }
    recovery.advance(at: now)
    self.recovery = recovery
    let rate = max(lowered, recovery.rate)
    guard rate < full ?? recovery.level * Self.release else {
      self.lowered = nil
      self.recovery = nil
      loweredBefore += loweredSince.map { now - $0 } ?? .zero
      loweredSince = nil
      return pacer.recover(to: nil)
    }
    self.lowered = rate
    pacer.recover(to: .seconds(1 / rate))
  }

  /// Lets nothing start until a window that is used up begins anew.
  private mutating func hold(for pause: Duration, at now: Duration) {
    let delay = pacer.hold(until: now + Self.kept(pause), at: now)
    guard delay > .zero else { return }
    heldAt = now
    guard loweredSince == nil else { return }
    holdEnd = now + Self.kept(pause)
    loweredBefore += delay
  }

  private static func kept(_ pause: Duration) -> Duration { pause <= longestPause ? pause : pauseBeforeProbe }
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
