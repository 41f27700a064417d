import Synchronization
import Testing

@testable import jelou_inventory

@Suite("Making a value beside other work")
struct BesideTests {
  private struct First: Error {}
  private struct Second: Error {}

  @Test("hands the value over as often as it is asked for, when it is there")
  func value() throws {
    let sum = try beside {
      20
    } _: { value in
      try value() + value() + 2
    }
    #expect(sum == 42)
  }

  @Test("throws what making it has thrown where the value is asked for, and nowhere else")
  func failure() throws {
    #expect(throws: First.self) {
      try beside { () throws -> Int in
        throw First()
      } _: { value in
        try value()
      }
    }
    #expect(
      try beside { () throws -> Int in
        throw First()
      } _: { _ in
        1
      } == 1)
  }

  @Test("does not return before both have ended, whichever fails")
  func waiting() throws {
    let isOver = Mutex(false)
    #expect(throws: Second.self) {
      try beside {
        workForAWhile()
        isOver.withLock { $0 = true }
      } _: { _ in
        throw Second()
      }
    }
    let isOverNow = isOver.withLock { $0 }
    #expect(isOverNow)
  }

  private func workForAWhile() {
    let end = ContinuousClock.now + .milliseconds(50)
    while ContinuousClock.now < end {}
  }
}
