import TestSupport
import Testing

@testable import Collecting

@Suite("The meter of refusals")
struct RefusalMeterTests {
  /// How often it finds that refusals follow from the rate, where so many of a thousand answers are refusals at random.
  private func findings(perMille: UInt64, answers: Int, isWellBelow: (Int) -> Bool = { _ in false }) -> Int {
    var random = SplitMix(state: perMille)
    var meter = RefusalMeter()
    return (0..<answers).count { answer in
      meter.note(isRefusal: random.next() % 1000 < perMille, isWellBelow: isWellBelow(answer)) != nil
    }
  }

  @Test(
    "finds nothing in a few refusals in a thousand", arguments: [(0, 0), (1, 0), (2, 0), (4, 5)] as [(UInt64, Int)])
  func rare(perMille: UInt64, most: Int) {
    #expect(findings(perMille: perMille, answers: 100_000) <= most)
  }

  @Test("finds a rate that is too high within a few refusals", arguments: [50, 100, 300, 500, 1000] as [UInt64])
  func frequent(perMille: UInt64) {
    var random = SplitMix(state: perMille)
    var meter = RefusalMeter()
    var refusals = 0
    for _ in 0..<10_000 {
      let isRefusal = random.next() % 1000 < perMille
      if isRefusal { refusals += 1 }
      if let share = meter.note(isRefusal: isRefusal, isWellBelow: false) {
        #expect(refusals <= 12)
        #expect(share == 0 || share > Double(perMille) / 4000)
        return
      }
    }
    Issue.record("It finds nothing.")
  }

  @Test("finds it at the third refusal in a row")
  func inARow() {
    var meter = RefusalMeter()
    for _ in 0..<100 { #expect(meter.note(isRefusal: false, isWellBelow: false) == nil) }
    #expect(meter.note(isRefusal: true, isWellBelow: false) == nil)
    #expect(meter.note(isRefusal: true, isWellBelow: false) == nil)
    #expect(meter.note(isRefusal: true, isWellBelow: false) == 0)
  }

  @Test(
    "learns that refusals have another reason where they come at a rate well below, too",
    arguments: [20, 40] as [UInt64])
  func unrelated(perMille: UInt64) {
    let unlearned = findings(perMille: perMille, answers: 20_000)
    let learned = findings(perMille: perMille, answers: 20_000) { $0 % 10 < 3 }
    #expect(unlearned > 20)
    #expect(learned <= 12)
  }
}
