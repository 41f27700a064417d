import GRDB
import InventoryModel
import Ledger
import Testing
import TextFormats

@Suite("Answers in the ledger")
struct AnswerTests {
  private let temporary: TemporaryLedger
  private var ledger: LedgerDatabase { temporary.ledger }

  init() throws {
    temporary = try TemporaryLedger()
  }

  private func results(_ run: Int64) throws -> [ResultRow] {
    var rows: [ResultRow] = []
    try ledger.forEachResult(ofRun: run) { rows.append($0) }
    return rows
  }

  @Test("come back whole, in list order, whatever order they came in")
  func roundTrip() async throws {
    let run = try temporary.begin((2...50).map { pending($0, "p\($0)") }).id
    let integration = Integration(
      id: "int", brainID: "b\"rain", webhookURL: "https://hooks.example.com/?q=😀'", webhookHost: "hooks.example.com",
      authType: "bearer", createdAt: "2026-01-15T10:30:00.000Z", updatedAt: "yesterday", extraJSON: #"{"a":[1,null]}"#)
    var odd = CollectedAnswer.found(30)
    odd.answer.integration = integration
    odd.attempts = 3
    try await ledger.commit([.failed(50, status: nil), odd], requests: 4, responses: 3, toRun: run)
    try await ledger.commit(
      (2...49).filter { $0 != 30 }.reversed().map { .found($0) }, requests: 47, responses: 47, toRun: run)
    let rows = try results(run)
    #expect(rows.map(\.line) == Array(2...50))
    #expect(rows[28].integration == integration)
    #expect(rows[28].attempts == 3)
    #expect(rows[28].fetchedAt == "2023-11-14T22:13:21.000Z")
    #expect(rows[48].outcome == .failed)
    #expect(rows[48].httpStatus == nil)
    #expect(rows[48].error == RowError(.timeout, "No answer."))
    #expect(rows[48].integration == nil)
    let record = try #require(try ledger.run(run))
    #expect(record.requests == 51)
    #expect(record.responses == 50)
  }

  @Test("never overwrite an answer that is there")
  func firstStays() async throws {
    let run = try temporary.begin([pending(2, "a")]).id
    try await ledger.commit([.found(2, url: "https://first.example/")], requests: 1, responses: 1, toRun: run)
    try await ledger.commit([.failed(2, status: 500)], requests: 1, responses: 1, toRun: run)
    #expect(try results(run).map(\.integration?.webhookURL) == ["https://first.example/"])
  }

  @Test("touch only their own run")
  func ownRun() async throws {
    let first = try temporary.begin([pending(2, "a")]).id
    let second = try temporary.begin([pending(2, "a")]).id
    try await ledger.commit([.found(2)], requests: 1, responses: 1, toRun: second)
    #expect(try results(first).isEmpty)
    #expect(try results(second).count == 1)
  }

  @Test("survive the end of the process: a second connection sees each commit at once")
  func durable() async throws {
    let run = try temporary.begin([pending(2, "a"), pending(3, "b")]).id
    try await ledger.commit([.found(2)], requests: 1, responses: 1, toRun: run)
    #expect(try temporary.strings("SELECT line FROM results WHERE outcome = 'found'") == ["2"])
    #expect(try temporary.strings("PRAGMA integrity_check") == ["ok"])
  }

  @Test(
    "tell whether every credential in use was refused",
    arguments: [
      // Of each row: its credential and its status, nil for none.
      ([("a", 401), ("b", 401)], true),
      ([("a", 401), ("a", nil)], true),
      ([("a", 401), ("b", 200)], false),
      ([("a", 401), ("a", 404)], false),
      ([("a", 401), ("b", nil)], false),
      ([("a", 403), ("b", 403)], false),
      ([("a", nil)], false),
      ([], false),
    ] as [([(String, Int?)], Bool)])
  func refusedCredentials(rows: [(String, Int?)], isRefused: Bool) async throws {
    let invalid = (
      ListRow(line: 1, projectID: ""), RowValidation.refused(.invalidID, RowError(.emptyID, ""), credential: "z")
    )
    let run = try temporary.begin(
      [invalid] + rows.enumerated().map { pending($0 + 2, "p\($0)", credential: $1.0) }
    ).id
    let answers = rows.enumerated().map { index, row in
      row.1 == 200 ? CollectedAnswer.found(index + 2) : CollectedAnswer.failed(index + 2, status: row.1)
    }
    try await ledger.commit(answers, requests: rows.count, responses: rows.count, toRun: run)
    #expect(try ledger.everyCredentialWasRefused(inRun: run) == isRefused)
  }

  @Test("are in the view latest only when their run is finished")
  func latest() async throws {
    let run = try temporary.begin([pending(2, "a")]).id
    try await ledger.commit([.found(2)], requests: 1, responses: 1, toRun: run)
    #expect(try temporary.strings("SELECT count(*) FROM latest") == ["0"])
    try ledger.markCollected(run: run, at: Timestamp(milliseconds: 1_700_000_002_000))
    try ledger.setState(.finished, ofRun: run)
    #expect(try temporary.strings("SELECT project_id FROM latest") == ["a"])
    let record = try #require(try ledger.run(run))
    #expect(record.state == .finished)
    #expect(record.finishedAt?.description == "2023-11-14T22:13:22.000Z")
  }

  @Test("causes put rows without an answer together, most rows first, with the first of each")
  func causes() async throws {
    let unknown = RowError(.credentialUnknown, "There is no such credential.")
    let refused: [(ListRow, RowValidation)] = (20...25).map {
      (ListRow(line: $0, projectID: "p\($0)"), .refused(.skipped, unknown, credential: "c\($0 % 4)"))
    }
    let nameless = (ListRow(line: 30, projectID: "x"), RowValidation.refused(.skipped, .noCredential, credential: nil))
    let run = try temporary.begin((2...12).map { pending($0, "p\($0)") } + refused + [nameless]).id
    try await ledger.commit(
      (2...12).map { $0 % 3 == 0 ? .found($0) : .failed($0, status: $0 < 11 ? 500 : 403) }, requests: 8, responses: 8,
      toRun: run)
    let causes = try ledger.unansweredCauses(ofRun: run, limit: 3, examples: 2)
    #expect(causes.count == 4 && causes.others == 1)
    #expect(causes.first.map { $0.code?.rawValue } == ["http-500", "credential-unknown", "http-403"])
    #expect(causes.first.map(\.rows) == [6, 6, 1])
    #expect(causes.first.map { $0.firstRows.map(\.line) } == [[2, 4], [20, 21], [11]])
    #expect(causes.first[1].credentials.first == ["c0", "c1"] && causes.first[1].credentials.count == 4)
    let all = try ledger.unansweredCauses(ofRun: run, limit: 9, examples: 2)
    #expect(all.first.last?.firstRows.map(\.line) == [30])
    #expect(all.first.last?.credentials.count == 0)
  }
}
