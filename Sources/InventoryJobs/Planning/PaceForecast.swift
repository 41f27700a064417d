package import Collecting

/// How long a run takes at its rate, and how many requests must be in flight to reach that rate.
package struct PaceForecast: Sendable {
  /// Number of requests, assuming no retries.
  package let requests: Int
  /// Time until the last request may start, limited only by the rate.
  package let leastTime: Duration
  /// Latency of one request.
  package let latency: Duration
  /// Number of requests in flight needed to reach the rate; nil if the rate is unlimited.
  package let neededConcurrency: Int?
  /// Time until the last answer arrives, within the concurrency limit.
  package let expectedTime: Duration

  /// - Parameters:
  ///   - budgets: number of requests in each budget that has its own rate.
  ///   - burst: number of requests in a budget that may start together.
  ///   - firstStart: when the first request of each budget may start.
  package init(
    budgets: [Int], rate: Rate, burst: Int, firstStart: Duration = .zero, concurrency: Int, latency: Duration
  ) {
    let budgets = budgets.filter { $0 > 0 }
    requests = budgets.reduce(0, +)
    self.latency = latency
    leastTime =
      rate.interval.flatMap { interval in
        budgets.max().map { firstStart + interval * max(0, $0 - burst) }
      } ?? .zero
    neededConcurrency = rate.interval.map { [requests] interval in
      // Little's law: the number in flight is the number that start within one latency. The small term offsets rounding
      // errors from the divisions.
      let inFlight = (latency / interval * Double(budgets.count) - 1e-9).rounded(.up)
      return min(requests, max(1, Int(min(inFlight, 1e9))))
    }
    let rounds = (requests + concurrency - 1) / concurrency
    expectedTime = requests == 0 ? .zero : max(leastTime + latency, latency * rounds)
  }
}
