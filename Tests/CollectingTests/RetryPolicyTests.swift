import InventoryModel
import Testing

@testable import Collecting

@Suite("The retry policy")
struct RetryPolicyTests {
  private let policy = RetryPolicy(maxAttempts: 5)
  private let failed = Answer(outcome: .failed, httpStatus: 503, error: RowError(.http(503), "Busy."))

  private func decision(
    _ retry: Reply.Retry, attempts: Int, hadFreshConnection: Bool = false, random: Double = 0.5
  ) -> RetryPolicy.Decision {
    policy.decision(
      on: Reply(failed, retry: retry), attempts: attempts, hadFreshConnection: hadFreshConnection, random: random)
  }

  @Test(
    "waits anywhere from nothing to twice as long each time, up to a minute",
    arguments: [
      (1, 0.0, 0.0), (1, 0.5, 0.5), (1, 0.999, 0.999), (2, 0.5, 1.0), (3, 0.5, 2.0), (4, 0.5, 4.0),
    ])
  func backoff(attempts: Int, random: Double, seconds: Double) {
    #expect(decision(.backoff, attempts: attempts, random: random) == .again(after: .seconds(seconds)))
  }

  @Test("never waits longer than a minute of its own accord")
  func cap() {
    let patient = RetryPolicy(maxAttempts: 100)
    for attempts in [7, 20, 21, 63, 64, 99] {
      let decision = patient.decision(
        on: Reply(failed, retry: .backoff), attempts: attempts, hadFreshConnection: false, random: 1)
      #expect(decision == .again(after: .seconds(60)))
    }
  }

  @Test("records the answer after the last attempt", arguments: [Reply.Retry.backoff, .after(.seconds(5))])
  func lastAttempt(retry: Reply.Retry) {
    #expect(decision(retry, attempts: 4) != .record(failed))
    #expect(decision(retry, attempts: 5) == .record(failed))
  }

  @Test("records at once what asking again can't change")
  func final() {
    #expect(decision(.never, attempts: 1) == .record(failed))
  }

  @Test("never undercuts Retry-After", arguments: [0, 1, 5, 600], [0.0, 0.5, 0.999])
  func retryAfter(seconds: Int, random: Double) throws {
    guard case .again(let wait) = decision(.after(.seconds(seconds)), attempts: 1, random: random) else {
      Issue.record("The project is not asked for again.")
      return
    }
    #expect(wait >= .seconds(seconds))
    #expect(wait <= .seconds(seconds + 1))
  }

  @Test(
    "does not wait where the gateway puts a row off for over ten minutes, and says what was asked", arguments: [1, 5])
  func tooLong(attempts: Int) throws {
    guard case .sentAway(let answer, .seconds(601)) = decision(.after(.seconds(601)), attempts: attempts) else {
      Issue.record("The row waits.")
      return
    }
    #expect(answer.outcome == .failed)
    #expect(answer.httpStatus == 503)
    let error = try #require(answer.error)
    #expect(error.code == .retryAfterTooLong)
    #expect(error.message.contains("601 s"))
    #expect(error.message.contains("Busy."))
  }

  @Test("repeats once on a fresh connection, uncounted, even at the last attempt; then backs off")
  func freshConnection() {
    #expect(decision(.onFreshConnection, attempts: 5) == .onFreshConnection)
    #expect(decision(.onFreshConnection, attempts: 1, hadFreshConnection: true) == .again(after: .seconds(0.5)))
    #expect(decision(.onFreshConnection, attempts: 5, hadFreshConnection: true) == .record(failed))
  }
}
