import InventoryModel
import Testing

@testable import Ledger

@Suite("Ages counted while a run goes on")
struct UpdateAgesTests {
  private static let begun = Timestamp(milliseconds: 1_767_225_600_000)
  /// At the run's begin, the last millisecond of their first 30 days.
  private static let onTheBrink = Timestamp(milliseconds: begun.milliseconds - 30 * 86_400_000)

  private static func later(_ milliseconds: Int64) -> Timestamp {
    Timestamp(milliseconds: begun.milliseconds + milliseconds)
  }

  @Test("are those at its end")
  func atTheEnd() {
    var ages = UpdateAges(begun: Self.begun)
    for _ in 0..<3 { ages.note(Self.onTheBrink) }
    ages.note(Timestamp(milliseconds: 0))
    ages.note(nil)
    #expect(ages.counts(at: Self.begun) == [.upTo30Days: 3, .older: 1, .unreadable: 1])
    #expect(ages.counts(at: Self.later(1)) == [.upTo90Days: 3, .older: 1, .unreadable: 1])
    #expect(ages.counts(at: Self.later(86_400_000)) == [.upTo90Days: 3, .older: 1, .unreadable: 1])
  }

  @Test("are not told of an end that they were not counted for, nor of none")
  func otherEnds() {
    let ages = UpdateAges(begun: Self.begun)
    #expect(ages.counts(at: Self.later(-1)) == nil)
    #expect(ages.counts(at: Self.later(86_400_001)) == nil)
    #expect(ages.counts(at: nil) == nil)
    #expect(ages.counts(at: Self.begun) == [:])
  }

  @Test("are not told where more depend on the end than memory is for, and take none then")
  func tooManyUndecided() {
    var ages = UpdateAges(begun: Self.begun)
    for _ in 1..<100_000 { ages.note(Self.onTheBrink) }
    #expect(ages.counts(at: Self.begun) == [.upTo30Days: 99_999])
    ages.note(Self.onTheBrink)
    #expect(ages.counts(at: Self.begun) == nil)
    ages.note(Self.onTheBrink)
    #expect(ages.counts(at: Self.begun) == nil)
  }
}
