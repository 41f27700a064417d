/// Hands out the times at which requests may start, so that a rate is held and, while there is work, used to the full.
///
/// The generic cell rate algorithm: starts are an interval apart, and up to `burst` may come together after a pause. A
/// start is reserved ahead, so that a request which is sent a little late does not put off the next. Times are counted
/// from any fixed point on a monotonic clock.
package struct Pacer: Sendable {
  private let interval: Duration?
  private let burst: Int
  /// When the next start would be due if every start came at its time; the algorithm's theoretical arrival time.
  private var due = Duration.zero

  package init(rate: Rate, burst: Int) {
    interval = rate.interval
    self.burst = burst
  }

  /// Reserves the next start: `now` or later.
  package mutating func reserve(at now: Duration) -> Duration {
    guard let interval else { return now }
    let start = max(now, due - interval * (burst - 1))
    due = max(now, due) + interval
    return start
  }
}
