import Foundation
import GRDB
import InventoryModel
import Ledger
import Testing
import TextFormats

/// What merging does with rows, whatever hashes put them where; the rest is tested on the built program.
@Suite("Merging")
struct MergingTests {
  private let folder: URL
  private let temporary: TemporaryLedger

  init() throws {
    temporary = try TemporaryLedger()
    folder = temporary.folder
  }

  /// Makes a shard's database with these lines, all answered.
  private func shard(_ number: Int, of count: Int, lines: [Int], url: String = "https://hooks.example.com/")
    async throws
    -> ShardSource
  {
    let path = folder.appending(component: "shard-\(number)-\(UUID().uuidString).db").path()
    let ledger = try LedgerDatabase(path: path)
    var record = RunRecord.sample(inputColumns: ["owner"])
    record.shard = "\(number)/\(count)"
    record.startedAt = Timestamp(milliseconds: 1_700_000_000_000 + Int64(number))
    var rows = lines[...]
    let run = try ledger.beginRun(record) {
      rows.popFirst().map { line in
        ImportedRow(
          line: line, projectID: "p\(line)", input: #"{"owner":"o\#(line)"}"#, .pending(credential: "default"))
      }
    } list: {
      ImportedList(digest: "digest", wholeListRows: 1000)
    }
    try await ledger.commit(
      lines.map { .found($0, url: url) }, requests: lines.count, responses: lines.count, toRun: run.id)
    try ledger.markCollected(run: run.id, at: Timestamp(milliseconds: 1_700_000_100_000 + Int64(number)))
    try ledger.close()
    return try #require(try ShardSource(path: path))
  }

  private func record(of sources: [ShardSource]) throws -> RunRecord {
    var record = try #require(sources.first?.record)
    record.shard = "1/1"
    record.state = .running
    record.listRows = sources.map(\.record.listRows).reduce(0, +)
    record.requests = sources.map(\.record.requests).reduce(0, +)
    return record
  }

  private func merge(
    _ sources: [ShardSource], belongs: @escaping (Shard, UnsafeRawBufferPointer) -> Bool = { _, _ in true },
    confirm: () throws -> Void = {}
  ) throws -> MergedRun {
    try temporary.ledger.merge(try record(of: sources), from: sources, belongs: belongs, confirm: confirm)
  }

  @Test("brings the rows of any number of shards into the list's order, as they are", arguments: [1, 2, 100, 101, 230])
  func order(count: Int) async throws {
    var sources: [ShardSource] = []
    for number in 1...count {
      // The last has none.
      let lines =
        number == count && count > 1 ? [] : Array(stride(from: number + 1, through: 700, by: max(1, count - 1)))
      sources.append(try await shard(number, of: count, lines: lines))
    }
    let merged = try merge(sources)
    #expect(merged.id == 1)
    #expect(merged.way == .new)
    #expect(
      try temporary.strings("SELECT line || project_id || input || webhook_url || attempts FROM results ORDER BY line")
        == (2...700).map { "\($0)p\($0){\"owner\":\"o\($0)\"}https://hooks.example.com/1" })
    #expect(
      try temporary.strings("SELECT state || shard || list_rows || ' ' || whole_list_rows || ' ' || requests FROM runs")
        == ["running1/1699 699 699"])
    #expect(try temporary.strings("PRAGMA integrity_check") == ["ok"])
    #expect(try temporary.strings("PRAGMA foreign_key_check").isEmpty)
  }

  private func expectNothing(sourceLocation: SourceLocation = #_sourceLocation) throws {
    for table in ["runs", "results"] {
      #expect(try temporary.strings("SELECT count(*) FROM \(table)") == ["0"], sourceLocation: sourceLocation)
    }
  }

  @Test("refuses a line that is in two shards, by its number, and changes nothing", arguments: [3, 150])
  func doubled(count: Int) async throws {
    var sources: [ShardSource] = []
    for number in 1...count {
      sources.append(try await shard(number, of: count, lines: number == count ? [2, 500] : [number + 1]))
    }
    let error = #expect(throws: ShardsUnfit.self) { try merge(sources) }
    #expect(error?.problems.count == 1)
    #expect(error?.problems.first?.hasPrefix("line 2 of the list is in ") == true)
    try expectNothing()
  }

  @Test("refuses rows that belong to another shard, says how many, and changes nothing")
  func strays() async throws {
    let sources = [try await shard(1, of: 2, lines: [2, 4, 6]), try await shard(2, of: 2, lines: [3, 5])]
    let error = #expect(throws: ShardsUnfit.self) {
      try merge(sources) { shard, id in shard.number == 2 || Array(id) == Array("p2".utf8) }
    }
    #expect(error?.problems.count == 1)
    #expect(error?.problems.first?.contains("shard 1/2") == true)
    #expect(error?.problems.first?.contains("2 of its rows belong to other shards, the first in line 4") == true)
    try expectNothing()
  }

  private struct Changed: Error {}

  @Test("leaves everything as it was when it is not confirmed")
  func unconfirmed() async throws {
    let sources = [try await shard(1, of: 1, lines: [2, 3])]
    #expect(throws: Changed.self) { _ = try merge(sources, confirm: { throw Changed() }) }
    try expectNothing()
  }

  @Test("makes one run of the same shards, and makes it anew when they have been asked again")
  func again() async throws {
    var sources = [try await shard(1, of: 2, lines: [2, 4]), try await shard(2, of: 2, lines: [3])]
    let before = try merge(sources)
    let repeated = try merge(sources)
    #expect(repeated.id == before.id)
    #expect(repeated.way == .unchanged)
    // As after --retry-failed: the same run, which has ended later.
    let path = sources[0].path
    let database = try DatabaseQueue(path: path)
    let sql = """
      UPDATE runs SET finished_at = '2026-01-01T00:00:00.000Z', requests = 5;
      UPDATE results SET outcome = 'not_found' WHERE line = 4
      """
    try await database.writeWithoutTransaction { try $0.execute(sql: sql) }
    try database.close()
    sources[0] = try #require(try ShardSource(path: path))
    let renewed = try merge(sources)
    #expect(renewed.id == before.id)
    #expect(renewed.way == .renewed)
    #expect(try temporary.strings("SELECT outcome FROM results ORDER BY line") == ["found", "found", "not_found"])
    #expect(try temporary.strings("SELECT count(*) || ' ' || sum(requests) FROM runs") == ["1 6"])
  }
}
