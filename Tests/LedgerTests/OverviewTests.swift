import Auditing
import GRDB
import InventoryModel
import Ledger
import Testing
import TextFormats

@Suite("A run at a glance")
struct OverviewTests {
  private let temporary: TemporaryLedger
  private var ledger: LedgerDatabase { temporary.ledger }

  init() throws {
    temporary = try TemporaryLedger()
  }

  /// A run of `found` rows from line 2 on, ended 2026-01-01.
  private func run(_ integrations: [Integration]) async throws -> Int64 {
    let lines = integrations.indices.map { $0 + 2 }
    let run = try temporary.begin(lines.map { pending($0, "p\($0)") }).id
    let answers = zip(lines, integrations).map { line, integration in
      CollectedAnswer(
        project: PendingProject(line: line, projectID: "p\(line)", credential: "default"),
        answer: Answer(outcome: .found, httpStatus: 200, integration: integration),
        attempts: 1, durationMS: 1, fetchedAt: Timestamp(milliseconds: 1_767_225_600_000))
    }
    try await ledger.commit(answers, requests: answers.count, responses: answers.count, toRun: run)
    try ledger.markCollected(run: run, at: Timestamp(milliseconds: 1_767_225_600_000))
    return run
  }

  @Test("tells the twelve hosts and authentication types that most have, and counts the rest")
  func rankings() async throws {
    // Host 0 once, host 1 twice, and so on; the smallest two are the rest.
    var integrations: [Integration] = (0..<14).flatMap { host in
      (0...host).map { _ in
        Integration(webhookURL: "https://h\(host)/", webhookHost: "h\(host)", authType: "type\(host)")
      }
    }
    integrations += (0..<20).map { _ in Integration(webhookURL: "not a URL", webhookHost: nil, authType: nil) }
    let overview = try ledger.overview(ofRun: try await run(integrations))
    for (ranking, prefix) in [(overview.hosts, "h"), (overview.authTypes, "type")] {
      #expect(ranking.entries.first == .init(value: nil, rows: 20))
      #expect(ranking.entries.dropFirst().map(\.value) == (3...13).reversed().map { "\(prefix)\($0)" })
      #expect(ranking.entries.count == 12)
      #expect((ranking.otherValues, ranking.otherRows) == (3, 1 + 2 + 3))
    }
    #expect(overview.projects == integrations.count)
    #expect(overview.onlyCredential == "default")
  }

  @Test("ranks hosts that are too many for memory as those that are not")
  func manyHosts() async throws {
    // In a list as large as this, host 0 to host 4 come twice.
    let count = 10_001
    let integrations = (0..<count + 5).map { Integration(webhookURL: "https://h/", webhookHost: "h\($0 % count)") }
    let overview = try ledger.overview(ofRun: try await run(integrations))
    let twice = (0..<5).map { RunOverview.Ranking.Entry(value: "h\($0)", rows: 2) }
    // In the order of their bytes.
    let once = ["h10", "h100", "h1000", "h10000", "h1001", "h1002", "h1003"].map {
      RunOverview.Ranking.Entry(value: $0, rows: 1)
    }
    #expect(overview.hosts.entries == twice + once)
    #expect((overview.hosts.otherValues, overview.hosts.otherRows) == (count - 12, count - 12))
  }

  @Test("ranks what as many rows have by its bytes, and what is missing first")
  func equalRanks() async throws {
    let hosts = ["é.example", "z.example", nil, "a.example"]
    let overview = try ledger.overview(
      ofRun: try await run(hosts.map { Integration(webhookURL: "https://h/", webhookHost: $0) }))
    #expect(overview.hosts.entries.map(\.value) == [nil, "a.example", "z.example", "é.example"])
  }

  @Test("tells how long ago integrations were updated, at the end of the run, whenever it is asked")
  func ages() async throws {
    let times: [(String?, RunOverview.UpdateAge)] = [
      ("2025-12-31T00:00:00.000Z", .upTo30Days), ("2025-12-02T00:00:00.000Z", .upTo30Days),
      ("2025-12-01T23:59:59.000Z", .upTo90Days), ("2027-01-01T00:00:00.000Z", .upTo30Days),
      ("2025-07-10T00:00:00.000Z", .upTo180Days), ("2025-01-02T00:00:00.000Z", .upTo365Days),
      ("2024-12-31T00:00:00.000Z", .upTo730Days), ("2001-01-01T00:00:00.000Z", .older), (nil, .unreadable),
      ("now", .unreadable), ("yesterday", .unreadable), ("2025-12-31", .unreadable), ("2460000.5", .unreadable),
    ]
    let overview = try ledger.overview(
      ofRun: try await run(times.map { Integration(webhookURL: "https://h/", updatedAt: $0.0) }))
    var expected: [RunOverview.UpdateAge: Int] = [:]
    for (_, age) in times { expected[age, default: 0] += 1 }
    #expect(overview.ages == expected)
  }

  @Test("tells the runs up to this one, also those that an older version has left")
  func history() async throws {
    let first = try await run([Integration(webhookURL: "https://h/")])
    let second = try await run((0..<3).map { _ in Integration(webhookURL: "https://h/") })
    try await DatabaseQueue(path: temporary.path).write { db in
      try db.execute(sql: "UPDATE runs SET outcomes = NULL WHERE id = ?", arguments: [first])
      // Not counted again: what was kept is told.
      try db.execute(sql: #"UPDATE runs SET outcomes = '{"found": 2, "failed": 1}' WHERE id = ?"#, arguments: [second])
    }
    let history = try ledger.overview(ofRun: second).history
    #expect(history.map(\.id) == [first, second])
    #expect(history.map(\.outcomes.answered) == [1, 2])
    #expect(try ledger.overview(ofRun: first).history.map(\.id) == [first])
  }

  @Test(
    "picks the rows that need attention: no answer, then findings and changes from the worst, the earlier before the later",
    arguments: [
      (1, [8]), (2, [5, 8]), (3, [4, 5, 8]), (4, [4, 5, 7, 8]), (5, [4, 5, 6, 7, 8]), (6, [3, 4, 5, 6, 7, 8]),
      (7, [2, 3, 4, 5, 6, 7, 8]), (100, [2, 3, 4, 5, 6, 7, 8]),
    ])
  func attention(limit: Int, lines: [Int]) async throws {
    let run = try await run((2...8).map { _ in Integration(webhookURL: "https://h/") })
    try ledger.replaceFindings(ofRun: run) { row in
      switch row.line {
      case 3: [Finding(.stale, "low")]
      case 5: [Finding(.stale, "low"), Finding(.webhookNotHTTPS, "high")]
      case 7: [Finding(.noAuth, "medium")]
      default: []
      }
    }
    try await DatabaseQueue(path: temporary.path).write { db in
      try db.execute(
        sql: """
          UPDATE results SET change = 'gone' WHERE line = 4;
          UPDATE results SET change = 'changed' WHERE line = 6;
          UPDATE results SET outcome = 'failed' WHERE line = 8;
          """)
    }
    // All rows have the same webhook, but under projects of their own: that is a finding of each, of low severity.
    try await DatabaseQueue(path: temporary.path).write { db in
      try db.execute(sql: "DELETE FROM findings WHERE rule = 'webhook-shared'")
    }
    let overview = try ledger.overview(ofRun: run)
    #expect(try ledger.linesNeedingAttention(ofRun: run, overview: overview, limit: limit) == lines)
  }

  @Test("picks the same rows where there are only findings", arguments: [1, 2, 7, 20, 59, 60, 61, 100, 101])
  func attentionToFindings(limit: Int) async throws {
    let run = try await run((0..<100).map { _ in Integration(webhookURL: "https://h/") })
    try ledger.replaceFindings(ofRun: run) { row in
      switch row.line % 10 {
      case 1: [Finding(.stale, "low"), Finding(.noAuth, "medium")]
      case 3, 4: [Finding(.stale, "low")]
      case 6: [Finding(.webhookNotHTTPS, "high"), Finding(.stale, "low"), Finding(.webhookInvalid, "high")]
      case 7, 8: [Finding(.noAuth, "medium")]
      default: []
      }
    }
    try await DatabaseQueue(path: temporary.path).write { db in
      try db.execute(sql: "DELETE FROM findings WHERE rule = 'webhook-shared'")
    }
    var overview = try ledger.overview(ofRun: run)
    let lines = try ledger.linesNeedingAttention(ofRun: run, overview: overview, limit: limit)
    // As if one had no answer: then all rows are looked through.
    overview.outcomes[.failed] += 1
    #expect(try ledger.linesNeedingAttention(ofRun: run, overview: overview, limit: limit) == lines)
    #expect(lines.count == min(limit, 100))
  }
}
