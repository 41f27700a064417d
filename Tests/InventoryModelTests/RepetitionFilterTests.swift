import Testing

@testable import InventoryModel

@Suite("Telling that a text is new")
struct RepetitionFilterTests {
  @Test("never calls a text new that has come before, however many there are", arguments: [1, 1000, 20_000, 300_000])
  func repetitions(count: Int) {
    var filter = RepetitionFilter()
    let texts = (0..<count).map { "65a1f2c3d4e5f6a7b8c9\($0)" }
    for text in texts { _ = filter.mayRepeat(text) }
    #expect(texts.allSatisfy { filter.mayRepeat($0) })
  }

  @Test("calls nearly every new text new")
  func newTexts() {
    var filter = RepetitionFilter()
    let errors = (0..<300_000).count { filter.mayRepeat("65a1f2c3d4e5f6a7b8c9\($0)") }
    // One in a hundred such lists is expected to have one.
    #expect(errors <= 1)
  }
}
