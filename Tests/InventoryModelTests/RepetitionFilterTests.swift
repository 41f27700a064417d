import Testing

@testable import InventoryModel

@Suite("Telling that a text is new")
struct RepetitionFilterTests {
  @Test(
    "never calls a text new that has come before, however many there are", arguments: [1, 1000, 20_000, 300_000],
    [RepetitionFilter.Size.small, .large])
  func repetitions(count: Int, size: RepetitionFilter.Size) {
    var filter = RepetitionFilter(size)
    let texts = (0..<count).map { "65a1f2c3d4e5f6a7b8c9\($0)" }
    for text in texts { _ = filter.mayRepeat(text) }
    #expect(texts.allSatisfy { filter.mayRepeat($0) })
  }

  @Test("calls nearly every new text new", arguments: [(RepetitionFilter.Size.small, 300_000), (.large, 600_000)])
  func newTexts(size: RepetitionFilter.Size, count: Int) {
    var filter = RepetitionFilter(size)
    let errors = (0..<count).count { filter.mayRepeat("65a1f2c3d4e5f6a7b8c9\($0)") }
    // One in a hundred such lists is expected to have one.
    #expect(errors <= 1)
  }
}
