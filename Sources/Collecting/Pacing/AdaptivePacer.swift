import InventoryModel

/// A ``Pacer`` whose rate is lowered when the gateway refuses requests, and recovers afterwards.
///
/// When refusals (429) are caused by the rate, according to the ``RefusalMeter``, the rate is halved at once for all
/// requests of the bucket. Answers without a refusal restore it, according to the ``RateRecovery``. Any other refusal
/// delays only its own project. When the gateway reports that a window is used up, nothing starts until the window ends,
/// and the rate stays the same.
struct AdaptivePacer: Sendable {
  /// The longest pause that is kept in full. Of a longer one only ``pauseBeforeProbe`` is kept; then a request tries again.
  private static let longestPause = RetryPolicy.longestRetryAfter
  private static let pauseBeforeProbe = Duration.seconds(60)
  /// The lowest rate, in requests a second.
  private static let slowest = 0.1
  /// A rate is well below the level at which refusals came if it is less than this share of it.
  private static let wellBelow = 0.7
  /// Where no rate was asked for, the limit ends when the rate has reached this multiple of the level.
  private static let release = 2.0

  private var pacer: Pacer
  /// Requests a second that were asked for; nil when there is no limit.
  private let full: Double?
  /// The lowered rate, in requests a second; nil while it is not lowered.
  private(set) var lowered: Double?
  /// nil while the rate is not lowered.
  private var recovery: RateRecovery?
  private var refusals = RefusalMeter()
  /// The rate that the gateway's headers allow, in requests a second; nil when they don't say.
  private var allowed: Double?
  /// When the rate was last lowered, and when a window was last reported to be used up.
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

  /// See ``Pacer/nextStart(at:)``.
  func nextStart(at now: Duration) -> Pacer.NextStart { pacer.nextStart(at: now) }

  /// See ``Pacer/start(at:)``.
  mutating func start(at now: Duration) -> SendTimestamp? {
    starts.count(at: now)
    return pacer.start(at: now)
  }

  /// How long the rate has been lower than was asked for, including the time spent waiting for windows.
  func loweredTime(at now: Duration) -> Duration {
    loweredBefore + (loweredSince.map { now - $0 } ?? min(.zero, now - holdEnd))
  }

  /// Records what a response says about the rate.
  ///
  /// - Parameter began: when its request was sent. A refusal of a request that was sent before the rate was last lowered,
  ///   or before the window was known to be used up, is ignored.
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

  /// - Parameter share: the share of refusals among the latest answers.
  private mutating func lower(byShare share: Double, pause: Duration?, at now: Duration) {
    let before = lowered ?? full ?? max(1, starts.perSecond(at: now))
    // Roughly what the gateway has accepted: the share may be high by chance.
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

  /// Allows no start until a new window begins.
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

/// Measures the rate of starts where no rate was asked for.
private struct StartMeter {
  /// The shortest part of a second from which a rate is computed.
  private static let shortestPart = 0.05

  private var second: Int64 = -1
  private var current = 0
  private var last = 0

  mutating func count(at now: Duration) {
    turn(to: now)
    current += 1
  }

  /// Starts per second: of the last full second or of the current one, whichever is higher.
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
