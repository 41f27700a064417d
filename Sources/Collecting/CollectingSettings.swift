/// The limits of collecting.
package struct CollectingSettings: Sendable {
  package var rate: Rate
  /// Requests that may start together after a pause, at least 1.
  package var burst: Int
  /// From the beginning of collecting until the first request. It spreads the requests of runs that share a rate.
  package var firstStart: Duration
  package var scope: RateScope
  /// Requests in flight, at least 1.
  package var concurrency: Int
  package var retry: RetryPolicy
  /// From the beginning of collecting until no further request may start; nil for no limit.
  package var timeLimit: Duration?
  /// The longest time an answer waits until its commit begins, while no other is running.
  package var commitInterval: Duration
  /// The time that requests in flight have to end when the run stops early.
  package var grace: Duration

  package init(
    rate: Rate, burst: Int, firstStart: Duration = .zero, scope: RateScope = .all, concurrency: Int, retry: RetryPolicy,
    timeLimit: Duration? = nil,
    commitInterval: Duration = .milliseconds(200), grace: Duration = .seconds(5)
  ) {
    self.rate = rate
    self.burst = burst
    self.firstStart = firstStart
    self.scope = scope
    self.concurrency = concurrency
    self.retry = retry
    self.timeLimit = timeLimit
    self.commitInterval = commitInterval
    self.grace = grace
  }
}

/// How collecting ended.
package struct CollectingEnd: Hashable, Sendable {
  /// Why projects were left open; nil when all are settled.
  package var reason: StopReason?
  /// How long the rate was lower than was asked for.
  package var throttled: Duration

  package init(reason: StopReason? = nil, throttled: Duration = .zero) {
    self.reason = reason
    self.throttled = throttled
  }
}
