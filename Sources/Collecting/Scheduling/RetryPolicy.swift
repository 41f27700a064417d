package import InventoryModel

/// Decides what follows a reply: its answer is recorded, or the request is retried after a wait.
package struct RetryPolicy: Sendable {
  package enum Decision: Hashable, Sendable {
    case record(Answer)
    /// Retry after the wait, as a further attempt.
    case again(after: Duration)
    /// Repeat the attempt on a fresh connection; it is not counted again.
    case onFreshConnection
    /// The gateway asks for a wait that is longer than any run waits. The answer is recorded unless it asks that of all
    /// requests.
    case sentAway(Answer, for: Duration)
  }

  /// The longest wait that is kept when the gateway asks for it, even if the run ends before; a longer one ends the row.
  package static let longestRetryAfter = Duration.seconds(600)

  private let maxAttempts: Int
  private let base: Duration
  private let cap: Duration

  /// - Parameters:
  ///   - maxAttempts: requests for one project, at least 1.
  ///   - base: the longest wait before the second attempt; it doubles with each further one.
  ///   - cap: the longest wait that the gateway did not ask for.
  package init(maxAttempts: Int, base: Duration = .seconds(1), cap: Duration = .seconds(60)) {
    self.maxAttempts = maxAttempts
    self.base = base
    self.cap = cap
  }

  /// - Parameters:
  ///   - attempts: made so far, this one included.
  ///   - hadFreshConnection: whether this attempt is already a repetition on a fresh connection.
  ///   - random: from 0 up to 1. Waits are spread over their whole range ("full jitter"), so that projects that failed
  ///     together are not retried together.
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
      "The gateway asks to wait \(wait.components.seconds) s, more than the maximum of "
        + "\(Self.longestRetryAfter.components.seconds) s\(said).")
    return answer
  }
}
