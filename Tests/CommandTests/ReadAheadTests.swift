import Synchronization
import Testing

@testable import jelou_inventory

@Suite("Reading ahead")
struct ReadAheadTests {
  private struct Broken: Error {}

  @Test("hands on every element, in order", arguments: [0, 1, 511, 512, 513, 10_000])
  func order(count: Int) throws {
    let taken = try ReadAhead.run { _ in
      1
    } making: { give in
      for number in 0..<count { try give(number) }
    } _: { next in
      var taken: [Int] = []
      while let numbers = try next() {
        #expect(!numbers.isEmpty)
        taken += numbers
      }
      // The end stays the end.
      #expect(try next() == nil)
      return taken
    }
    #expect(taken == Array(0..<count))
  }

  @Test("meets an error behind the elements that were made before it", arguments: [0, 700])
  func error(count: Int) throws {
    var taken = 0
    #expect(throws: Broken.self) {
      try ReadAhead.run { _ in
        1
      } making: { give in
        for number in 0..<count { try give(number) }
        throw Broken()
      } _: { next in
        while let numbers = try next() { taken += numbers.count }
      }
    }
    #expect(taken == count)
  }

  @Test("stops making elements, and waits for that, when nobody takes them", arguments: [0, 1, 6])
  func abandoning(taken: Int) throws {
    let isOver = Atomic(false)
    #expect(throws: Broken.self) {
      try ReadAhead.run { _ in
        1
      } making: { give in
        defer { isOver.store(true, ordering: .sequentiallyConsistent) }
        for number in 0... { try give(number) }
      } _: { next in
        for _ in 0..<taken { _ = try next() }
        throw Broken()
      }
    }
    let isOverNow = isOver.load(ordering: .sequentiallyConsistent)
    #expect(isOverNow)
  }

  @Test("keeps few of them when they are large")
  func largeElements() throws {
    let made = Atomic(0)
    try ReadAhead.run { _ in
      1_000_000
    } making: { give in
      for number in 0..<1000 {
        made.add(1, ordering: .sequentiallyConsistent)
        try give(number)
      }
    } _: { next in
      var taken = 0
      while let numbers = try next() {
        taken += numbers.count
        // Four batches of one, the one that is made, and the one that is taken.
        let ahead = made.load(ordering: .sequentiallyConsistent) - taken
        #expect(ahead <= 6)
      }
      #expect(taken == 1000)
    }
  }
}
