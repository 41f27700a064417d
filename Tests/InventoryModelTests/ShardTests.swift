import InventoryModel
import Testing

@Suite("A shard's name")
struct ShardTests {
  @Test(
    "is I/N", arguments: [("1/1", 1, 1), ("3/8", 3, 8), ("8/8", 8, 8), ("10000/10000", 10_000, 10_000), ("03/8", 3, 8)])
  func read(text: String, number: Int, count: Int) {
    let shard = Shard(text)
    #expect(shard?.number == number)
    #expect(shard?.count == count)
    #expect(shard == Shard(number: number, of: count))
    #expect(shard?.description == "\(number)/\(count)")
    #expect(shard?.isWhole == (count == 1))
  }

  @Test(
    "is nothing else",
    arguments: [
      "", "/", "1", "0/8", "9/8", "-1/8", "+1/8", "1/-8", "1/0", "0/0", "1/10001", "1/8/8", " 1/8", "1 /8", "1/8\n",
      "a/b",
      "1.0/8", "1/", "/8", "١/٨", "99999999999999999999/8", "1/99999999999999999999", "auto",
    ])
  func refused(text: String) {
    #expect(Shard(text) == nil)
  }
}
