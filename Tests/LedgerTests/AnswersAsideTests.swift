import Foundation
import InventoryModel
import Ledger
import Testing
import TextFormats

@Suite("Answers that the database did not take")
struct AnswersAsideTests {
  private let temporary: TemporaryLedger
  private var ledger: LedgerDatabase { temporary.ledger }
  private var aside: String { temporary.path + "-answers" }

  init() throws {
    temporary = try TemporaryLedger()
  }

  private static let integration = Integration(
    id: "int\0", brainID: "b\"rain", webhookURL: "https://hooks.example.com/?q=😀'", webhookHost: "hooks.example.com",
    authType: "bearer", createdAt: "2026-01-15T10:30:00.000Z", updatedAt: "yesterday", extraJSON: #"{"a":[1,null]}"#)

  private static var answers: [CollectedAnswer] {
    var odd = CollectedAnswer.found(3)
    odd.answer.integration = integration
    odd.attempts = 3
    return [.failed(4, status: nil, attempts: 2), odd, .found(2, isShared: true)]
  }

  private func rows(_ run: RunRecord) throws -> [ResultRow] {
    var rows: [ResultRow] = []
    try ledger.forEachResult(ofRun: run.id) { rows.append($0) }
    return rows
  }

  private static let list = [pending(2, "a"), pending(3, "b"), pending(4, "c"), pending(5, "a")]

  @Test("wait beside it, and are the same when the run goes on as if they had been committed")
  func roundTrip() async throws {
    let committed = try temporary.begin(Self.list)
    try await ledger.commit(Self.answers, requests: 6, responses: 4, toRun: committed.id)
    let kept = try temporary.begin(Self.list)
    try ledger.setAside(Self.answers, requests: 6, responses: 4, ofRun: kept)
    #expect(try rows(kept).isEmpty)
    #expect(try ledger.takeInAnswers(ofRun: kept) == 3)
    for run in [committed, kept] {
      try ledger.markCollected(run: run.id, at: Timestamp(milliseconds: 1_700_000_002_000))
    }
    #expect(try rows(kept).map { "\($0)" } == rows(committed).map { "\($0)" })
    #expect(try rows(kept).map(\.line) == [2, 3, 4, 5])
    #expect(try ledger.run(kept.id)?.requests == 6)
    #expect(try ledger.run(kept.id)?.responses == 4)
    #expect(!FileManager.default.fileExists(atPath: aside))
    #expect(try ledger.takeInAnswers(ofRun: kept) == 0)
  }

  @Test("are readable by nobody who may not read the database")
  func permissions() throws {
    let run = try temporary.begin(Self.list)
    for permissions in [0o600, 0o640, 0o664] {
      try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: temporary.path)
      try ledger.setAside(Self.answers, requests: 6, responses: 4, ofRun: run)
      #expect(try FileManager.default.attributesOfItem(atPath: aside)[.posixPermissions] as? Int == permissions)
    }
  }

  @Test("are those of their own run, and go with it")
  func otherRun() throws {
    let run = try temporary.begin(Self.list)
    try ledger.setAside(Self.answers, requests: 6, responses: 4, ofRun: run)
    var other = run
    other.startedAt = Timestamp(milliseconds: 1)
    #expect(try ledger.takeInAnswers(ofRun: other) == 0)
    #expect(try rows(run).isEmpty)
    #expect(!FileManager.default.fileExists(atPath: aside))
    try ledger.setAside(Self.answers, requests: 6, responses: 4, ofRun: run)
    ledger.discardAnswersAside()
    #expect(!FileManager.default.fileExists(atPath: aside))
  }

  @Test(
    "keep nobody from going on when their file is damaged",
    arguments: ["", "no database", "SQLite format 3\0torn"])
  func damaged(content: String) throws {
    let run = try temporary.begin(Self.list)
    try Data(content.utf8).write(to: URL(filePath: aside))
    #expect(try ledger.takeInAnswers(ofRun: run) == 0)
    #expect(!FileManager.default.fileExists(atPath: aside))
  }
}
