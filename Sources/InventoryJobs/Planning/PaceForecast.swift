package import Collecting

/// How long a run takes at its rate, and how many requests must be in flight for that.
package struct PaceForecast: Sendable {
  /// Requests when none fails.
  package let requests: Int
  /// Until the last request may start, by the rate alone.
  package let leastTime: Duration
  /// Of one request.
  package let latency: Duration
  /// Requests in flight that the rate needs; nil where there is no limit.
  package let neededConcurrency: Int?
  /// Until the last answer is there, with the requests in flight that are allowed.
  package let expectedTime: Duration

  /// - Parameters:
  ///   - budgets: requests of each budget that has a rate of its own.
  ///   - burst: requests of a budget that may start together.
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
      // Little's law: as many are in flight as start within one latency. The rest is what divisions leave behind.
      let inFlight = (latency / interval * Double(budgets.count) - 1e-9).rounded(.up)
      return min(requests, max(1, Int(min(inFlight, 1e9))))
    }
    let rounds = (requests + concurrency - 1) / concurrency
    expectedTime = requests == 0 ? .zero : max(leastTime + latency, latency * rounds)
  }
}
