import InventoryModel
import TestSupport
import Testing

@testable import Collecting

@Suite("The retry budget")
struct RetryBudgetTests {
  private func budget(failures: Int, of answers: Int) -> RetryBudget {
    var budget = RetryBudget()
    for answer in 0..<answers { budget.countAnswer(isFailure: answer < failures) }
    return budget
  }

  @Test(
    "limits retries only while the gateway fails broadly",
    arguments: [(0, 100, true), (49, 100, true), (50, 100, false), (100, 100, false), (19, 19, true), (20, 20, false)])
  func broadly(failures: Int, answers: Int, allows: Bool) {
    var budget = budget(failures: failures, of: answers)
    #expect(budget.allowsRetry(at: .zero) == allows)
  }

  @Test("judges by the latest hundred answers")
  func latest() {
    var budget = budget(failures: 0, of: 10_000)
    for _ in 0..<50 { budget.countAnswer(isFailure: true) }
    #expect(budget.allowsRetry(at: .zero) == false)
    for _ in 0..<60 { budget.countAnswer(isFailure: false) }
    #expect(budget.allowsRetry(at: .zero) == true)
  }

  @Test("lets one retry go for five first requests in any minute", arguments: [UInt64(1), 2, 3])
  func share(seed: UInt64) {
    var random = SplitMix(state: seed)
    var budget = budget(failures: 100, of: 100)
    var requests: [(time: Duration, isRetry: Bool)] = []
    var now = Duration.zero
    for _ in 0..<20_000 {
      // Rushes, and pauses of up to a minute and a half.
      now += random.next() % 500 == 0 ? .seconds(Int(random.next() % 90)) : .milliseconds(Int(random.next() % 40))
      let isRetry = random.next() % 2 == 0
      if isRetry, !budget.allowsRetry(at: now) { continue }
      budget.countRequest(isRetry: isRetry, at: now)
      requests.append((now, isRetry))
    }
    #expect(requests.count { $0.isRetry } > requests.count / 10)
    var first = 0
    var (firsts, retries) = (0, 0)
    for request in requests {
      if request.isRetry { retries += 1 } else { firsts += 1 }
      while requests[first].time < request.time - .seconds(60) {
        if requests[first].isRetry { retries -= 1 } else { firsts -= 1 }
        first += 1
      }
      if request.isRetry { #expect(Double(retries) <= Double(firsts) * 0.2) }
    }
  }
}

@Suite("The circuit breaker")
struct CircuitBreakerTests {
  private func breaker(failures: Int, at time: Duration = .zero) -> CircuitBreaker {
    var breaker = CircuitBreaker()
    for _ in 0..<failures { _ = breaker.noteEnd(gotResponse: false, at: time) }
    return breaker
  }

  @Test("lets everything go until sixteen requests in a row bring no response")
  func threshold() {
    #expect(breaker(failures: 15).nextStart(at: .zero) == .zero)
    #expect(breaker(failures: 16).nextStart(at: .zero) == .seconds(1))
    var flapping = CircuitBreaker()
    for request in 0..<1000 { _ = flapping.noteEnd(gotResponse: request % 10 == 0, at: .zero) }
    #expect(!flapping.isSuspected)
  }

  @Test("then sends one request a second, and none beside it")
  func probes() {
    var breaker = breaker(failures: 16)
    #expect(breaker.nextStart(at: .milliseconds(999)) == .seconds(1))
    #expect(breaker.nextStart(at: .seconds(2)) == .seconds(2))
    breaker.noteStart()
    #expect(breaker.nextStart(at: .seconds(5)) == nil)
    let failure = breaker.noteEnd(gotResponse: false, at: .seconds(6))
    #expect(!failure)
    #expect(breaker.nextStart(at: .seconds(6)) == .seconds(7))
    breaker.noteStart()
    let isOver = breaker.noteEnd(gotResponse: true, at: .seconds(8))
    #expect(isOver)
    #expect(breaker.nextStart(at: .seconds(8)) == .seconds(8))
    #expect(!breaker.isSuspected)
  }

  @Test("calls an outage lasting after a minute of nothing but failures")
  func lasting() {
    var breaker = breaker(failures: 16, at: .seconds(10))
    #expect(!breaker.isLasting(at: .seconds(69)))
    #expect(breaker.isLasting(at: .seconds(70)))
    _ = breaker.noteEnd(gotResponse: true, at: .seconds(70))
    #expect(!breaker.isLasting(at: .seconds(200)))
    var slow = CircuitBreaker()
    for failure in 0..<4 { _ = slow.noteEnd(gotResponse: false, at: .seconds(30 * failure)) }
    #expect(!slow.isLasting(at: .seconds(120)))
  }
}
