import InventoryModel

/// Notices that the gateway is out of reach: that requests bring no HTTP response at all, one after the other.
///
/// While it may be, one request a second finds out, and nothing else is sent: those that have failed keep the rest of their
/// attempts. After a minute of nothing but failures the run is to stop.
struct OutageWatch: Sendable {
  /// Failures in a row after which an outage is suspected.
  static let suspicion = 16
  private static let probePause = Duration.seconds(1)
  /// How soon others look again while a probe is under way.
  private static let glance = Duration.milliseconds(250)
  /// What makes the run stop: failures in a row, for so long.
  private static let fewestFailures = 5
  private static let longestOutage = Duration.seconds(60)

  private var failures = 0
  private var began = Duration.zero
  private var nextProbe = Duration.zero
  private var isProbing = false

  var isSuspected: Bool { failures >= Self.suspicion }

  /// Whether there has been nothing but failures for a minute.
  func isLasting(at now: Duration) -> Bool {
    failures >= Self.fewestFailures && now - began >= Self.longestOutage
  }

  /// nil when a request may be sent now, or when to ask again.
  func delay(at now: Duration) -> Duration? {
    guard isSuspected else { return nil }
    if isProbing { return now + Self.glance }
    return now < nextProbe ? nextProbe : nil
  }

  /// Takes note that a request is sent.
  mutating func beginRequest() { isProbing = isSuspected }

  /// Takes in a request's end.
  ///
  /// - Returns: whether an outage is over with it.
  mutating func note(gotResponse: Bool, at now: Duration) -> Bool {
    isProbing = false
    nextProbe = now + Self.probePause
    guard !gotResponse else {
      defer { failures = 0 }
      return isSuspected
    }
    if failures == 0 { began = now }
    failures += 1
    return false
  }
}
