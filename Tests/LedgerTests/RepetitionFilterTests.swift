import Testing

@testable import Ledger

@Suite("Telling that a text is new")
struct RepetitionFilterTests {
  @Test("never calls a text new that has come before, however many there are", arguments: [nil, 1, 1000, 100_000])
  func repetitions(announced: Int?) {
    var filter = RepetitionFilter(texts: announced)
    let texts = (0..<20_000).map { "65a1f2c3d4e5f6a7b8c9\($0)" }
    for text in texts { _ = filter.mayRepeat(text) }
    #expect(texts.allSatisfy { filter.mayRepeat($0) })
  }

  @Test("calls nearly every new text new")
  func newTexts() {
    var filter = RepetitionFilter()
    let errors = (0..<300_000).count { filter.mayRepeat("65a1f2c3d4e5f6a7b8c9\($0)") }
    // One in a billion is expected.
    #expect(errors <= 1)
    var small = RepetitionFilter(texts: 5000)
    #expect((0..<5000).count { small.mayRepeat("p\($0)") } <= 1)
  }
}
