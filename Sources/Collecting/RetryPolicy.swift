package import InventoryModel

/// Decides what follows a reply: record it, or ask again and when.
package struct RetryPolicy: Sendable {
  package enum Decision: Hashable, Sendable {
    case record(Answer)
    /// Ask again after the wait; it counts as an attempt.
    case again(after: Duration)
    /// Ask again on a fresh connection; it does not count.
    case onFreshConnection
    /// The gateway asks for a wait that is longer than any run waits: the answer is to be recorded unless it asks that of
    /// everybody.
    case sentAway(Answer, for: Duration)
  }

  /// A wait that the gateway asks for is kept up to here, even where the run ends before; a longer one ends the row.
  package static let longestRetryAfter = Duration.seconds(600)

  private let maxAttempts: Int
  private let base: Duration
  private let cap: Duration

  /// - Parameters:
  ///   - maxAttempts: requests for one project, at least 1.
  ///   - base: the longest wait before the second attempt; it doubles with each further one.
  ///   - cap: the longest wait of our own choosing.
  package init(maxAttempts: Int, base: Duration = .seconds(1), cap: Duration = .seconds(60)) {
    self.maxAttempts = maxAttempts
    self.base = base
    self.cap = cap
  }

  /// - Parameters:
  ///   - attempts: made so far, this one included.
  ///   - hadFreshConnection: whether this attempt is already a repetition on a fresh connection.
  ///   - random: from 0 up to 1; waits are spread over their whole range ("full jitter"), so that projects that failed
  ///     together do not come back together. Asked for only where there is a wait.
  package func decision(
    on reply: Reply, attempts: Int, hadFreshConnection: Bool, random: @autoclosure () -> Double
  ) -> Decision {
    switch reply.retry {
    case .never: return .record(reply.answer)
    case .onFreshConnection where !hadFreshConnection: return .onFreshConnection
    case .backoff, .onFreshConnection:
      guard attempts < maxAttempts else { return .record(reply.answer) }
      return .again(after: jitter(attempts: attempts, random: random()))
    case .after(let wait):
      guard !Self.isTooLong(wait) else { return .sentAway(tooLong(wait, reply.answer), for: wait) }
      guard attempts < maxAttempts else { return .record(reply.answer) }
      return .again(after: wait + jitter(attempts: 1, random: random()))
    }
  }

  static func isTooLong(_ wait: Duration) -> Bool { wait > longestRetryAfter }

  private func jitter(attempts: Int, random: Double) -> Duration {
    let longest = attempts > 20 ? cap : min(cap, base * (1 << (attempts - 1)))
    return longest * random
  }

  private func tooLong(_ wait: Duration, _ answer: Answer) -> Answer {
    var answer = answer
    let said = answer.error.map { " (\($0.message))" } ?? ""
    answer.error = RowError(
      .retryAfterTooLong,
      "The gateway asks to wait \(wait.components.seconds) s, and at most "
        + "\(Self.longestRetryAfter.components.seconds) s are waited\(said).")
    return answer
  }
}
