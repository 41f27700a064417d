/// How collecting goes about its work.
package struct CollectingSettings: Sendable {
  package var rate: Rate
  /// Requests that may start together after a pause, at least 1.
  package var burst: Int
  /// From the beginning of collecting until the first request; the requests of runs that share a rate are spread by it.
  package var firstStart: Duration
  package var scope: RateScope
  /// Requests in flight, at least 1.
  package var concurrency: Int
  package var retry: RetryPolicy
  /// From the beginning of collecting until no further request may be begun; nil for no limit.
  package var timeLimit: Duration?
  /// The longest time an answer waits for its commit.
  package var commitInterval: Duration
  /// What requests in flight get when the run stops early.
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

/// How collecting went.
package struct CollectingEnd: Hashable, Sendable {
  /// Why it ended with projects left open; nil when every one is settled.
  package var reason: StopReason?
  /// How long the gateway held the rate lower than was asked for.
  package var throttled: Duration

  package init(reason: StopReason? = nil, throttled: Duration = .zero) {
    self.reason = reason
    self.throttled = throttled
  }
}
