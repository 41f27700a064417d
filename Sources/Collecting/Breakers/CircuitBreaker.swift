import InventoryModel

/// Detects that the gateway is out of reach: consecutive requests get no HTTP response at all.
///
/// While an outage is suspected, one request a second probes the gateway and nothing else is sent, so that the projects
/// that have failed keep their remaining attempts. After a minute of nothing but failures the run is to stop.
struct CircuitBreaker: Sendable {
  /// Consecutive failures after which an outage is suspected.
  static let threshold = 16
  private static let probeInterval = Duration.seconds(1)
  /// An outage is lasting after at least so many failures over at least this time.
  private static let lastingFailures = 5
  private static let lastingTime = Duration.seconds(60)

  private var failures = 0
  private var firstFailure = Duration.zero
  private var nextProbe = Duration.zero
  private var isProbing = false

  var isSuspected: Bool { failures >= Self.threshold }

  /// Whether there has been nothing but failures for a minute.
  func isLasting(at now: Duration) -> Bool {
    failures >= Self.lastingFailures && now - firstFailure >= Self.lastingTime
  }

  /// When the next request may be sent: `now` or later; nil while a probe is in flight.
  func nextStart(at now: Duration) -> Duration? {
    guard isSuspected else { return now }
    return isProbing ? nil : max(now, nextProbe)
  }

  /// Records that a request is started.
  mutating func noteStart() { isProbing = isSuspected }

  /// Records the end of a request.
  ///
  /// - Returns: whether it ended a suspected outage.
  mutating func noteEnd(gotResponse: Bool, at now: Duration) -> Bool {
    isProbing = false
    nextProbe = now + Self.probeInterval
    guard !gotResponse else {
      defer { failures = 0 }
      return isSuspected
    }
    if failures == 0 { firstFailure = now }
    failures += 1
    return false
  }
}
