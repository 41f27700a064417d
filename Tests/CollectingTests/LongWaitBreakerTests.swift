import InventoryModel
import Testing

@testable import Collecting

@Suite("The circuit breaker for long waits")
struct LongWaitBreakerTests {
  private func work(_ line: Int) -> Work {
    Work(PendingProject(line: line, projectID: "p\(line)", credential: "default"))
  }

  private func breaker(sentAwayAt times: [Duration]) -> LongWaitBreaker {
    var breaker = LongWaitBreaker()
    for (index, time) in times.enumerated() {
      breaker.add(work(index + 2), until: time + .seconds(40_000 - index), at: time)
    }
    return breaker
  }

  @Test(
    "opens after ten in a row, or three over five seconds",
    arguments: [
      ([0], false), ([0, 5000], false), ([0, 100_000], false), ([0, 1, 4999], false), ([0, 1, 5000], true),
      ([0, 0, 0, 0, 0, 0, 0, 0, 0], false), ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], true), ([0, 600_000, 1_200_000], true),
    ])
  func opens(milliseconds: [Int], isOpen: Bool) {
    let breaker = breaker(sentAwayAt: milliseconds.map { .milliseconds($0) })
    #expect(breaker.isOpen == isOpen)
    #expect(breaker.undecided.count == milliseconds.count)
  }

  @Test("knows when the first may come back")
  func resumption() {
    #expect(LongWaitBreaker().resumption == nil)
    #expect(breaker(sentAwayAt: [.zero, .seconds(1), .seconds(1)]).resumption == .seconds(39_999))
  }

  @Test("fails the work at any other answer to a request that was sent later, and begins anew")
  func otherAnswer() {
    var breaker = breaker(sentAwayAt: [.seconds(1), .seconds(2)])
    // Sent before anybody was sent away: it says nothing of what the gateway does now.
    var failed = breaker.noteOtherAnswer(began: .milliseconds(900))
    #expect(failed.isEmpty)
    failed = breaker.noteOtherAnswer(began: .seconds(1))
    #expect(failed.map(\.project.line) == [2, 3])
    #expect(breaker.undecided.isEmpty && breaker.resumption == nil)
    failed = breaker.noteOtherAnswer(began: .seconds(3))
    #expect(failed.isEmpty)
  }

  @Test("never opens while every tenth answer is another, however many are under way at once")
  func mixed() {
    var breaker = LongWaitBreaker()
    for number in 0..<1000 {
      if number % 10 == 9 {
        let failed = breaker.noteOtherAnswer(began: .zero)
        #expect(failed.isEmpty || number == 9)
      } else {
        breaker.add(work(number), until: .seconds(40_000), at: .milliseconds(number))
      }
    }
    #expect(!breaker.isOpen)
  }

  @Test("opens when nothing else is left to ask, if no other answer ever came")
  func decide() {
    var alone = breaker(sentAwayAt: [.zero])
    var failed = alone.decide()
    #expect(failed.isEmpty && alone.isOpen && alone.undecided.count == 1)
    var mixed = LongWaitBreaker()
    failed = mixed.noteOtherAnswer(began: .zero)
    mixed.add(work(2), until: .seconds(40_000), at: .seconds(1))
    failed = mixed.decide()
    #expect(failed.map(\.project.line) == [2])
    #expect(!mixed.isOpen)
    var unused = LongWaitBreaker()
    failed = unused.decide()
    #expect(failed.isEmpty && !unused.isOpen)
  }

  @Test("stays open, and keeps what was still under way")
  func stays() {
    var breaker = breaker(sentAwayAt: Array(repeating: .zero, count: 10))
    let failed = breaker.noteOtherAnswer(began: .seconds(1))
    #expect(failed.isEmpty && breaker.isOpen && breaker.undecided.count == 10)
    breaker.add(work(99), until: .seconds(50_000), at: .seconds(1))
    #expect(breaker.undecided.count == 11)
  }
}
