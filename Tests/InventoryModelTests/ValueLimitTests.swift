import InventoryModel
import Testing
import TextFormats

@Suite("A value from outside")
struct ValueLimitTests {
  private static let limit = ValueLimit.bytes

  @Test("is kept as it is up to the limit", arguments: ["", "short", String(repeating: "x", count: limit)])
  func whole(text: String) {
    #expect(!text.isOverLong)
    #expect(text.bounded == text)
  }

  @Test(
    "that is longer is cut between two characters, and says how long it was",
    arguments: [
      (String(repeating: "x", count: limit + 1), limit), ("x" + String(repeating: "é", count: limit), limit - 1),
      (String(repeating: "😀", count: limit), limit), ("xx" + String(repeating: "😀", count: limit), limit - 2),
    ])
  func cut(text: String, kept: Int) {
    let bounded = text.bounded
    #expect(bounded.isOverLong)
    #expect(bounded.utf8.prefix(kept).elementsEqual(text.utf8.prefix(kept)))
    let mark = String(bounded.unicodeScalars.suffix(while: { $0 != "…" }))
    #expect(bounded.utf8.count == kept + "…".utf8.count + mark.utf8.count)
    #expect(mark.hasPrefix(" (\(text.utf8.count) bytes, SHA-256 ") && mark.hasSuffix(")"))
    #expect(mark.utf8.count == " (\(text.utf8.count) bytes, SHA-256 )".utf8.count + 64)
  }

  @Test("stays another than one that differs from it only beyond the limit")
  func difference() {
    let start = String(repeating: "x", count: Self.limit)
    #expect((start + "a").bounded != (start + "b").bounded)
    #expect((start + "a").bounded == (start + "a").bounded)
  }

  @Test("and whatever repeats it make no endless message")
  func message() {
    let error = RowError(.wrongShape, String(repeating: "é", count: 100_000))
    #expect(error.message.unicodeScalars.count == ValueLimit.messageLength && error.message.hasSuffix("…"))
  }
}

extension BidirectionalCollection {
  fileprivate func suffix(while holds: (Element) -> Bool) -> SubSequence {
    self[(lastIndex { !holds($0) }.map(index(after:)) ?? startIndex)...]
  }
}
