/// A rate limit as gateways keep it: the generic cell rate algorithm (ITU-T I.371, annex A), which a token bucket that holds
/// `burst` tokens is the same as.
package struct CellRate: Sendable {
  private let interval: Duration
  private let limit: Duration
  private var expected: Duration?

  /// - Parameters:
  ///   - interval: between two tokens.
  ///   - burst: tokens that the bucket holds.
  ///   - tolerance: by how much a request may come too early, as on its way it may be late, or another one may.
  package init(interval: Duration, burst: Int = 1, tolerance: Duration = .zero) {
    self.interval = interval
    limit = interval * (burst - 1) + tolerance
  }

  /// Whether a request that comes at this time is taken. Times may not go back.
  package mutating func takes(at time: Duration) -> Bool {
    let expected = max(expected ?? time, time)
    guard expected - time <= limit else { return false }
    self.expected = expected + interval
    return true
  }

  /// How many requests at these times are refused.
  package func refusals(of times: [Duration]) -> Int {
    var rate = self
    return times.count { !rate.takes(at: $0) }
  }
}
