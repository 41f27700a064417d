import Testing

@testable import Ledger

@Suite("Repeated texts")
struct RepeatedTextsTests {
  @Test("are told once each, however often they come")
  func once() {
    var texts = RepeatedTexts(expecting: 100_000)
    for number in 0..<100_000 { texts.note(number % 3 == 0 ? "same" : number % 3 == 1 ? "other" : "single \(number)") }
    let told = texts.texts ?? []
    #expect(Set(told).isSuperset(of: ["same", "other"]))
    // A few others may be among them.
    #expect(told.count == Set(told).count && told.count < 20)
  }

  @Test("may be any where they are too many, or too long together", arguments: [(20_000, 1), (20, 131_072)])
  func tooMany(count: Int, length: Int) {
    var texts = RepeatedTexts(expecting: 100_000)
    let padding = String(repeating: "x", count: length)
    for number in 0..<2 * count { texts.note("\(number % count) \(padding)") }
    #expect(texts.texts == nil)
  }

  @Test("are none in an empty list, and in one without repetition")
  func none() {
    #expect(RepeatedTexts(expecting: 0).texts == [])
    var texts = RepeatedTexts(expecting: 100_000)
    texts.note("")
    #expect(texts.texts == [])
    texts.note("")
    #expect(texts.texts == [""])
  }
}
