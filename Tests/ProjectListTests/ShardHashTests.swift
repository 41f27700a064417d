import InventoryModel
import ProjectList
import Testing

@Suite("The shard of an ID")
struct ShardHashTests {
  /// Made by `printf %s "$id" | sha256sum | cut -c1-8`.
  static let vectors: [(id: String, hash: UInt32)] = [
    ("", 0xe3b0_c442), ("007", 0x629f_4cf9), ("12345678901234567890", 0x6ed6_45ef), ("alpha", 0x8ed3_f6ad),
    ("a b", 0xc868_7a08), ("pröjekt", 0xc1e6_cd99), ("🦊", 0x0a9f_72e8), ("..", 0x5ec1_f7e7), ("-1", 0x1bad_6b8c),
    ("=cmd()", 0x110f_0787),
  ]

  @Test("is what sha256sum makes of it", arguments: vectors)
  func vector(id: String, hash: UInt32) {
    var text = id
    #expect(text.withUTF8 { Shard.hash(ofID: UnsafeRawBufferPointer($0)) } == hash)
    for count in [1, 2, 3, 8, 64, 10_000] {
      let number = Int(hash) % count + 1
      let shards = (1...count).compactMap { Shard(number: $0, of: count) }
      #expect(shards.count == count)
      #expect(shards.filter { $0.holds(hash: hash) }.map(\.number) == [number])
      #expect(shards[number - 1].holds(id))
      #expect(count == 1 || !shards[number % count].holds(id))
    }
  }

  /// Ten thousand IDs, nasty ones among them.
  private static let ids: [String] = {
    let nasty = [
      "", " ", "\u{0}", "a\nb", "\"", ",", "é", "e\u{301}", "👩🏽‍🚀", "\u{202E}x", "\u{10FFFF}", "..",
      "'; DROP TABLE results",
      String(repeating: "x", count: 5000),
    ]
    return nasty
      + (0..<10_000 - nasty.count).map { number in
        switch number % 4 {
        case 0: "project-\(number)"
        case 1: String(number)
        case 2: String(number * 7_919, radix: 36)
        default: "00000000-0000-4000-8000-\(1_000_000_000_000 + number)"
        }
      }
  }()

  /// Hashed once, for all numbers of shards.
  private static let hashes = ids.map { id in
    var id = id
    return id.withUTF8 { Shard.hash(ofID: UnsafeRawBufferPointer($0)) }
  }

  @Test("is exactly one of N, and each of N gets about as many", arguments: 1...64)
  func partition(count: Int) throws {
    let shards = try (1...count).map { try #require(Shard(number: $0, of: count)) }
    var rows = [Int](repeating: 0, count: count)
    for (id, hash) in zip(Self.ids, Self.hashes) {
      let holders = shards.indices.filter { shards[$0].holds(hash: hash) }
      #expect(holders.count == 1, "\(id)")
      for holder in holders { rows[holder] += 1 }
    }
    for id in Self.ids.prefix(20) { #expect(shards.count { $0.holds(id) } == 1, "\(id)") }
    #expect(rows.reduce(0, +) == 10_000)
    // Six standard deviations of a fair draw.
    let mean = 10_000 / Double(count)
    for (index, rows) in rows.enumerated() {
      #expect(abs(Double(rows) - mean) <= 6 * mean.squareRoot(), "shard \(index + 1)/\(count)")
    }
  }

  @Test("is the same for every way to write the same bytes, and another for others that look alike")
  func bytes() throws {
    let shard = try #require(Shard(number: 1, of: 10_000))
    var precomposed = "é"
    var decomposed = "e\u{301}"
    #expect(precomposed == decomposed)
    #expect(
      precomposed.withUTF8 { Shard.hash(ofID: UnsafeRawBufferPointer($0)) }
        != decomposed.withUTF8 { Shard.hash(ofID: UnsafeRawBufferPointer($0)) })
    #expect(shard.holds("é") == shard.holds("\u{E9}"))
  }
}
