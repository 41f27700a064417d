import InventoryModel
import Testing

@Suite("A set of lines")
struct LineSetTests {
  @Test("takes each line once, in whatever order")
  func once() {
    var set = LineSet()
    var taken: [Int] = []
    for line in [64, 1, 63, 65, 1_000_000, 1, 128, 64, 2, 999_999, 1_000_000] where set.insert(line) {
      taken.append(line)
    }
    #expect(taken == [64, 1, 63, 65, 1_000_000, 128, 2, 999_999])
  }
}
