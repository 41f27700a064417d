import Testing

@testable import Ledger

@Suite("Telling that a text is new")
struct BloomFilterTests {
  @Test(
    "never calls a text new that has come before, however many there are", arguments: [1, 1000, 20_000, 300_000],
    [0, 1_000_000, nil])
  func repetitions(count: Int, expected: Int?) {
    var filter = BloomFilter(expecting: expected)
    let texts = (0..<count).map { "65a1f2c3d4e5f6a7b8c9\($0)" }
    for text in texts { _ = filter.mayRepeat(text) }
    #expect(texts.allSatisfy { filter.mayRepeat($0) })
  }

  @Test(
    "calls nearly every new text new", arguments: [(1000, 1000), (30_000, 30_000), (300_000, 300_000), (nil, 600_000)])
  func newTexts(expected: Int?, count: Int) {
    var filter = BloomFilter(expecting: expected)
    let errors = (0..<count).count { filter.mayRepeat("65a1f2c3d4e5f6a7b8c9\($0)") }
    // One in a hundred such lists is expected to have one.
    #expect(errors <= 1)
  }
}
