import InventoryModel
import Ledger
import Testing

@Suite("Rows for whoever wants them while a run goes on")
struct StreamingTests {
  /// Lines of pages of so many rows at most, until there are no more.
  private func pages(_ limit: Int, of lines: AnsweredLines, in ledger: LedgerDatabase, run: Int64) throws -> [[Int]] {
    var (lines, pages): (AnsweredLines, [[Int]]) = (lines, [])
    while !lines.isEmpty { pages.append(try ledger.rows(ofRun: run, answeredIn: &lines, limit: limit).map(\.line)) }
    return pages
  }

  @Test(
    "come page by page, however many took one answer, each once and in the order of the answers",
    arguments: [1, 2, 3, 7, 100])
  func pages(limit: Int) async throws {
    let temporary = try TemporaryLedger()
    // Its folder goes with it.
    defer { withExtendedLifetime(temporary) {} }
    let ledger = temporary.ledger
    let ids = ["one", "all", "all", "two", "all", "all", "all", "three"]
    let run = try temporary.begin(ids.enumerated().map { pending($0.offset + 2, $0.element) }).id
    try await ledger.commit(
      [.found(9), .found(3, isShared: true), .found(2), .found(5)], requests: 4, responses: 4, toRun: run)
    var lines = AnsweredLines()
    lines.add([AnsweredLine(line: 9, isShared: false), AnsweredLine(line: 3, isShared: true)])
    lines.add([AnsweredLine(line: 2, isShared: false), AnsweredLine(line: 5, isShared: false)])
    let pages = try pages(limit, of: lines, in: ledger, run: run)
    #expect(pages.flatMap { $0 } == [9, 3, 4, 6, 7, 8, 2, 5])
    #expect(pages.allSatisfy { $0.count <= limit })
  }

  @Test("come in shorter pages where they are long")
  func longRows() async throws {
    let temporary = try TemporaryLedger()
    // Its folder goes with it.
    defer { withExtendedLifetime(temporary) {} }
    let ledger = temporary.ledger
    let run = try temporary.begin((2...41).map { pending($0, "p\($0)") }).id
    let url = "https://hooks.example.com/" + String(repeating: "x", count: 100_000)
    try await ledger.commit((2...41).map { .found($0, url: url) }, requests: 40, responses: 40, toRun: run)
    var lines = AnsweredLines()
    lines.add((2...41).map { AnsweredLine(line: $0, isShared: false) })
    let pages = try pages(500, of: lines, in: ledger, run: run)
    #expect(pages.flatMap { $0 } == Array(2...41))
    #expect(pages.allSatisfy { $0.count == 3 || $0 == [41] })
    #expect(try ledger.settledRows(ofRun: run, afterLine: 2, limit: 500).map(\.line) == [3, 4, 5])
    #expect(try ledger.rowsBeforePending(ofRun: run, afterLine: 38, limit: 500).map(\.line) == [39, 40, 41])
    #expect(try ledger.settledRows(ofRun: run, afterLine: 41, limit: 500).isEmpty)
  }
}
