/// Hands out the times at which requests may start, so that a rate is held and, while there is work, used to the full.
///
/// The generic cell rate algorithm: starts are an interval apart, and up to `burst` may come together after a pause. A
/// start is reserved ahead, so that a request which is sent a little late does not put off the next. When its time has
/// come it is confirmed, so that requests which a busy machine sends late do not crowd a later second. Times are
/// counted from any fixed point on a monotonic clock.
package struct Pacer: Sendable {
  /// A place in the order of starts.
  package struct Start: Sendable {
    /// The request must not be sent earlier.
    package let time: Duration
    /// Which spacing the place was given under; a slower one since then makes it void.
    fileprivate let epoch: Int
  }

  /// Between two starts at the rate that was asked for, and a little more where a window would hold no more; nil when
  /// there is no limit.
  private let interval: Duration?
  private let burst: Int
  /// Between two starts while the rate is held lower than was asked for.
  private var slowInterval: Duration?
  private var epoch = 0
  /// When the next start would be due if every start came at its time; the algorithm's theoretical arrival time.
  private var due = Duration.zero
  /// The latest confirmed starts, as many as a window may hold; the oldest is at `oldest` once there are so many.
  private var confirmed: [Duration] = []
  private var oldest = 0
  private let windowStarts: Int
  private let window: Duration

  /// By how much a request may reach the gateway later after its start than another: what is sent late must not crowd the
  /// window that begins there. Costs half a percent of the rate where an interval is shorter than this, and nothing else.
  private static let lateness = Duration.milliseconds(5)

  package init(rate: Rate, burst: Int) {
    self.burst = burst
    let asked = rate.interval
    // A second's worth of starts, or a single one where a second has none.
    let starts = asked.map { max(1, Int((.seconds(1) / $0).rounded())) } ?? 1
    windowStarts = starts + burst
    window = (asked ?? .zero) * starts + Self.lateness
    // Were they reserved closer together, nearly every one would be put off when its time has come, and wait twice. The
    // nanosecond makes up for what the division leaves out.
    let least = window / windowStarts
    interval = asked.map { $0 < least ? least + .nanoseconds(1) : $0 }
  }

  /// Reserves the next start: `now` or later.
  package mutating func reserve(at now: Duration) -> Start {
    guard let spacing = slowInterval ?? interval else { return Start(time: now, epoch: epoch) }
    let start = earliest(at: now)
    due = max(now, due) + spacing
    return Start(time: start, epoch: epoch)
  }

  /// The time that ``reserve(at:)`` would give.
  func earliest(at now: Duration) -> Duration {
    guard let spacing = slowInterval ?? interval else { return now }
    return max(now, due - spacing * (slowInterval == nil ? burst - 1 : 0))
  }

  /// Confirms a reserved start whose time has come: nil when the request may be sent now, or another start to wait for,
  /// because its window is full or the spacing has become slower.
  package mutating func confirm(_ start: Start, at now: Duration) -> Start? {
    if start.epoch != epoch {
      let next = reserve(at: now)
      if next.time > now { return next }
    }
    guard interval != nil else { return nil }
    if confirmed.count < windowStarts {
      confirmed.append(now)
      return nil
    }
    let free = confirmed[oldest] + window
    guard now >= free else { return Start(time: free, epoch: epoch) }
    confirmed[oldest] = now
    oldest = (oldest + 1) % windowStarts
    return nil
  }

  /// Keeps starts at least `spacing` apart from `time` on; those that are reserved and not confirmed are void.
  mutating func slow(to spacing: Duration, from time: Duration) {
    slowInterval = spacing
    due = time
    epoch += 1
  }

  /// Lets starts come closer together; nil goes back to the rate that was asked for.
  mutating func recover(to spacing: Duration?) { slowInterval = spacing }
}
