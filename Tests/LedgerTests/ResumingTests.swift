import GRDB
import InventoryModel
import Ledger
import Testing
import TextFormats

@Suite("A run in the ledger that goes on")
struct ResumingTests {
  private let temporary: TemporaryLedger
  private var ledger: LedgerDatabase { temporary.ledger }

  init() throws {
    temporary = try TemporaryLedger()
  }

  private func skipped(_ line: Int, _ code: ErrorCode, attempts: Int = 0) -> CollectedAnswer {
    CollectedAnswer(
      project: PendingProject(line: line, projectID: "p\(line)", credential: "default"),
      answer: Answer(outcome: .skipped, error: RowError(code, "Skipped.")),
      attempts: attempts, durationMS: nil, fetchedAt: nil)
  }

  private func pendingLines(_ run: Int64, credential: String? = nil) async throws -> [Int] {
    try ledger.indexPendingRowsByCredential()
    return try await ledger.pendingProjects(ofRun: run, credential: credential, afterLine: 0, limit: 100).map(\.line)
  }

  /// One row of every kind, settled.
  private func mixedRun() async throws -> Int64 {
    let invalid = (
      ListRow(line: 2, projectID: ".."), RowValidation.refused(.invalidID, RowError(.idDotSegment, ""), credential: "a")
    )
    let nameless = (ListRow(line: 3, projectID: "x"), RowValidation.refused(.skipped, .noCredential, credential: nil))
    let run = try temporary.begin(
      [invalid, nameless] + (4...12).map { pending($0, "p\($0)", credential: $0 % 2 == 0 ? "a" : "b") }
    ).id
    try await ledger.commit(
      [
        .found(4), .failed(5, status: 500, attempts: 5), .failed(6, status: 401), skipped(7, .interrupted, attempts: 2),
        skipped(8, .outOfTime), skipped(9, .gatewayUnreachable), skipped(10, .credentialRefused),
      ], requests: 1, responses: 1, toRun: run)
    return run
  }

  @Test("makes just the open rows pending again, and keeps count of their attempts")
  func open() async throws {
    let run = try await mixedRun()
    #expect(try await pendingLines(run) == [11, 12])
    let reopened = try ledger.reopen(.open, ofRun: run, credentials: ["a", "b"], defaultCredential: nil)
    #expect(reopened.pending == 5)
    #expect(reopened.settled == (try ledger.outcomeCounts(ofRun: run)))
    #expect(reopened.settled.total == 6)
    #expect(try await pendingLines(run) == [7, 8, 9, 11, 12])
    #expect(try await pendingLines(run, credential: "a") == [8, 12])
    #expect(try ledger.pendingCredentials(ofRun: run) == ["a", "b"])
    try await ledger.commit([.found(7)], requests: 1, responses: 1, toRun: run)
    #expect(try temporary.strings("SELECT attempts FROM results WHERE line = 7") == ["3"])
    #expect(try ledger.newestUnfinishedRun()?.id == run)
  }

  @Test("is left as it is by a list that turns out to be its own and is dropped again")
  func dropped() async throws {
    struct SameList: Error {}
    let run = try await mixedRun()
    let everything =
      "SELECT run_id || line || coalesce(outcome, '') || coalesce(error_code, '') || coalesce(credential, '') FROM results"
    let before = try temporary.strings(everything) + temporary.strings("SELECT id, state FROM runs")
    var rows = (2...5000).map { ImportedRow(line: $0, projectID: "p\($0)", .pending(credential: "a")) }[...]
    #expect(throws: SameList.self) {
      try ledger.beginRun(.sample()) {
        rows.popFirst()
      } list: {
        throw SameList()
      }
    }
    #expect(rows.isEmpty)
    #expect(try temporary.strings(everything) + temporary.strings("SELECT id, state FROM runs") == before)
    #expect(try temporary.begin([pending(2, "a")]).id == run + 1)
  }

  @Test("was last active when it started, when a row was answered or when it ended, whichever is latest")
  func activity() async throws {
    let run = try temporary.begin([pending(2, "a"), pending(3, "b")])
    #expect(try ledger.lastActivity(ofRun: run) == run.startedAt)
    try await ledger.commit([.found(2)], requests: 1, responses: 1, toRun: run.id)
    let answered = try #require(
      Timestamp(rfc3339: try temporary.strings("SELECT max(fetched_at) FROM results")[0]))
    #expect(try ledger.lastActivity(ofRun: run) == max(answered, run.startedAt))
    let end = Timestamp(milliseconds: max(answered, run.startedAt).milliseconds + 5000)
    try ledger.markCollected(run: run.id, at: end)
    #expect(try ledger.lastActivity(ofRun: try #require(try ledger.run(run.id))) == end)
    #expect(try ledger.openRows(ofRun: run.id) == 1)
  }

  @Test("makes every row without an answer pending again, IDs that can't be asked for aside")
  func unanswered() async throws {
    let run = try await mixedRun()
    #expect(
      try ledger.reopen(.unanswered, ofRun: run, credentials: ["a", "b", "c"], defaultCredential: "c").pending == 9)
    #expect(try await pendingLines(run) == [3, 5, 6, 7, 8, 9, 10, 11, 12])
    #expect(try await pendingLines(run, credential: "c") == [3])
    #expect(
      try temporary.strings("SELECT count(*) FROM results WHERE outcome IS NULL AND error_code IS NOT NULL") == ["0"])
  }

  @Test("settles rows whose credential is not there any more")
  func lostCredential() async throws {
    let run = try await mixedRun()
    let reopened = try ledger.reopen(.unanswered, ofRun: run, credentials: ["b"], defaultCredential: nil)
    #expect(reopened.pending == 4)
    #expect(reopened.settled == (try ledger.outcomeCounts(ofRun: run)))
    #expect(reopened.settled[.skipped] == 5)
    #expect(try await pendingLines(run) == [5, 7, 9, 11])
    #expect(
      try temporary.strings("SELECT line FROM results WHERE error_code = 'credential-unknown' ORDER BY line")
        == ["3", "6", "8", "10", "12"])
  }

  @Test("leaves what is still pending as it is told, and says how many rows are open")
  func skipPending() async throws {
    let run = try await mixedRun()
    #expect(try ledger.skipPendingRows(ofRun: run, RowError(.interrupted, "Interrupted.")) == 5)
    #expect(try await pendingLines(run).isEmpty)
    #expect(
      try temporary.strings("SELECT error_code FROM results WHERE line IN (11, 12)") == ["interrupted", "interrupted"])
  }

  @Test("keeps the time at which its last row was settled when only its reports are missing")
  func onlyReports() async throws {
    let run = try temporary.begin([pending(2, "a")]).id
    try await ledger.commit([.found(2)], requests: 1, responses: 1, toRun: run)
    try ledger.markCollected(run: run, at: Timestamp(milliseconds: 1_700_000_002_000))
    #expect(try ledger.reopen(.open, ofRun: run, credentials: ["default"], defaultCredential: "default").pending == 0)
    try ledger.markCollected(run: run, at: Timestamp(milliseconds: 1_800_000_000_000))
    #expect(try ledger.run(run)?.finishedAt == Timestamp(milliseconds: 1_700_000_002_000))
  }

  @Test("is the newest one that is not finished")
  func newest() throws {
    #expect(try ledger.newestRun()?.id == nil)
    let runs = try (1...3).map { try temporary.begin([pending(2, "p\($0)")]).id }
    try ledger.setState(.finished, ofRun: runs[2])
    try ledger.setState(.stopped, ofRun: runs[1])
    #expect(try ledger.newestUnfinishedRun()?.id == runs[1])
    #expect(try ledger.newestRun()?.id == runs[2])
    for run in runs { try ledger.setState(.finished, ofRun: run) }
    #expect(try ledger.newestUnfinishedRun()?.id == nil)
  }
}
