/// Hands out the times at which requests may start, so that a rate is held and, while there is work, used to the full.
///
/// The generic cell rate algorithm: starts are an interval apart, and up to `burst` may come together after a pause. A
/// start is reserved ahead, so that a request which is sent a little late does not put off the next. When its time has
/// come it is confirmed, so that requests which a busy machine sends late do not crowd a later second. Times are
/// counted from any fixed point on a monotonic clock.
package struct Pacer: Sendable {
  private let interval: Duration?
  private let burst: Int
  /// When the next start would be due if every start came at its time; the algorithm's theoretical arrival time.
  private var due = Duration.zero
  /// The latest confirmed starts, as many as a window may hold; the oldest is at `oldest` once there are so many.
  private var confirmed: [Duration] = []
  private var oldest = 0
  private let windowStarts: Int
  private let window: Duration

  package init(rate: Rate, burst: Int) {
    interval = rate.interval
    self.burst = burst
    // A second's worth of starts, or a single one where a second has none.
    let starts = interval.map { max(1, Int((.seconds(1) / $0).rounded())) } ?? 1
    windowStarts = starts + burst
    window = (interval ?? .zero) * starts
  }

  /// Reserves the next start: `now` or later.
  package mutating func reserve(at now: Duration) -> Duration {
    guard let interval else { return now }
    let start = max(now, due - interval * (burst - 1))
    due = max(now, due) + interval
    return start
  }

  /// Confirms a reserved start whose time has come: nil when the request may be sent now, or the time to ask again
  /// because its window is full.
  package mutating func confirm(at now: Duration) -> Duration? {
    guard interval != nil else { return nil }
    if confirmed.count < windowStarts {
      confirmed.append(now)
      return nil
    }
    let free = confirmed[oldest] + window
    guard now >= free else { return free }
    confirmed[oldest] = now
    oldest = (oldest + 1) % windowStarts
    return nil
  }
}
