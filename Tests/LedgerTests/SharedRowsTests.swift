import Auditing
import InventoryModel
import Ledger
import Testing
import TextFormats

@Suite("Rows that share a request")
struct SharedRowsTests {
  private let temporary: TemporaryLedger
  private var ledger: LedgerDatabase { temporary.ledger }
  private let run: Int64

  /// Project a in lines 2, 4 and 6, b in line 3, c in lines 5 and 7.
  init() throws {
    temporary = try TemporaryLedger()
    run = try temporary.begin(zip(2...7, ["a", "b", "a", "c", "a", "c"]).map { pending($0, $1) }).id
  }

  private func commit(_ answers: CollectedAnswer...) async throws {
    try await ledger.commit(answers, requests: answers.count, responses: answers.count, toRun: run)
  }

  private func end() throws { try ledger.markCollected(run: run, at: Timestamp(milliseconds: 1_700_000_002_000)) }

  private func stored() throws -> [String] {
    try temporary.strings("SELECT line || coalesce(outcome, '-') FROM results ORDER BY line")
  }

  @Test("cost a commit no more than a single row: the others are settled when collecting has ended")
  func settling() async throws {
    try await commit(.found(2, isShared: true), .failed(3, status: 500))
    #expect(try stored() == ["2found", "3failed", "4-", "5-", "6-", "7-"])
    try end()
    #expect(try stored() == ["2found", "3failed", "4found", "5-", "6found", "7-"])
    let answers = try temporary.strings(
      """
      SELECT DISTINCT outcome || http_status || webhook_url || attempts || duration_ms || fetched_at FROM results
      WHERE line IN (2, 4, 6)
      """)
    #expect(answers == ["found200https://hooks.example.com/1122023-11-14T22:13:21.000Z"])
    try end()
    #expect(try stored() == ["2found", "3failed", "4found", "5-", "6found", "7-"])
  }

  @Test("have their answer for whoever looks before they are settled")
  func beforeSettling() async throws {
    try await commit(.found(2, isShared: true), .failed(3, status: 500))
    let counts = try ledger.outcomeCounts(ofRun: run)
    #expect(counts[.found] == 3 && counts[.failed] == 1 && counts.total == 4)
    #expect(try ledger.openRows(ofRun: run) == 2)
    var lines = AnsweredLines()
    lines.add([AnsweredLine(line: 2, isShared: true)])
    let rows = try ledger.rows(ofRun: run, answeredIn: &lines, limit: 9)
    #expect(rows.map(\.line) == [2, 4, 6])
    #expect(rows.allSatisfy { $0.outcome == .found && $0.integration != nil && $0.attempts == 1 })
    #expect(rows.map { $0.findings.map(\.rule) } == [[], [.duplicateRow], [.duplicateRow]])
    #expect(try ledger.rowsBeforePending(ofRun: run, afterLine: 0, limit: 9).map(\.line) == [2, 3, 4])
    #expect(try ledger.settledRows(ofRun: run, afterLine: 2, limit: 9).map(\.line) == [3, 4, 6])
    let pending = try await ledger.pendingProjects(ofRun: run, afterLine: 0, limit: 9)
    #expect(pending.map(\.line) == [5] && pending.map(\.rows) == [2])
  }

  @Test("are not asked for again when the process was killed before they were settled")
  func killed() async throws {
    try await commit(.found(2, isShared: true))
    let left = try ledger.pendingWork(of: .open, ofRun: run, credentials: ["default"], defaultCredential: nil)
    #expect(left.map(\.rows) == [3] && left.map(\.requests) == [2])
    let reopened = try ledger.reopen(.open, ofRun: run, credentials: ["default"], defaultCredential: nil)
    #expect(reopened.pending == 3 && reopened.settled[.found] == 3)
    #expect(try stored() == ["2found", "3-", "4found", "5-", "6found", "7-"])
  }

  @Test("are open together when their request was interrupted, and take its answer later")
  func interrupted() async throws {
    let interrupted = RowError(.interrupted, "Interrupted.")
    var answer = CollectedAnswer.failed(5, status: nil, attempts: 2)
    answer.answer = Answer(outcome: .skipped, error: interrupted)
    try await commit(.found(2, isShared: true), answer)
    #expect(try ledger.skipPendingRows(ofRun: run, interrupted) == 3)
    #expect(try stored() == ["2found", "3skipped", "4found", "5skipped", "6found", "7skipped"])
    try ledger.reopen(.open, ofRun: run, credentials: ["default"], defaultCredential: nil)
    try await commit(.found(5, isShared: true))
    try end()
    #expect(try temporary.strings("SELECT line FROM results WHERE attempts = 3 ORDER BY line") == ["5", "7"])
  }

  @Test("have the number of attempts that their project has had, also where it was asked for in one of them alone")
  func attempts() async throws {
    let nameless = (ListRow(line: 2, projectID: "a"), RowValidation.refused(.skipped, .noCredential, credential: nil))
    let run = try temporary.begin([nameless, pending(3, "a")]).id
    try await ledger.commit([.failed(3, status: 500, attempts: 5)], requests: 5, responses: 5, toRun: run)
    try ledger.reopen(.unanswered, ofRun: run, credentials: ["default"], defaultCredential: "default")
    try await ledger.commit([.found(2, isShared: true)], requests: 1, responses: 1, toRun: run)
    try ledger.markCollected(run: run, at: Timestamp(milliseconds: 1_700_000_002_000))
    #expect(try temporary.strings("SELECT attempts FROM results WHERE run_id = \(run)") == ["6", "6"])
  }
}
