import Foundation
import GRDB
import InventoryModel
import LedgerQueries
import Synchronization
import Testing
import TextFormats

@testable import Ledger

@Suite("A database that another program holds", .timeLimit(.minutes(2)))
struct LockWaitTests {
  private let temporary: TemporaryLedger

  init() throws {
    temporary = try TemporaryLedger()
    try temporary.ledger.close()
  }

  /// Another program, as SQLite sees it.
  private final class Holder: Sendable {
    private let queue: DatabaseQueue
    private let ending = DispatchGroup()

    init(_ path: String, _ sql: String) throws {
      var configuration = Configuration()
      configuration.allowsUnsafeTransactions = true
      queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.inDatabase { db in try db.execute(sql: sql) }
    }

    func letGo(after time: Duration = .zero) {
      ending.enter()
      DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Int(time / .milliseconds(1)))) {
        [queue, ending] in
        try? queue.inDatabase { db in try db.execute(sql: "ROLLBACK") }
        try? queue.close()
        ending.leave()
      }
    }

    func waitForEnd() { ending.wait() }
  }

  /// What was reported.
  private final class Reports: Sendable {
    private let events = Mutex<[LockWait.Event]>([])

    func lockWait(limit: Duration = .seconds(30)) -> LockWait {
      LockWait(limit: limit, report: { [self] event in events.withLock { $0.append(event) } })
    }

    var all: [LockWait.Event] { events.withLock { $0 } }
  }

  @Test(
    "is asked for less and less often",
    arguments: [(0, 10, 0), (1, 20, 10), (8, 90, 360), (9, 100, 450), (10, 100, 550), (100, 100, 9550)])
  func pauses(tries: Int, pause: Int, waited: Int) {
    #expect(LockWait.pause(after: tries) == .milliseconds(pause))
    #expect(LockWait.waited(after: tries) == .milliseconds(waited))
    #expect(LockWait.waited(after: tries + 1) == .milliseconds(waited + pause))
  }

  @Test("is waited for, which is reported, and so is the end")
  func waiting() async throws {
    let reports = Reports()
    let ledger = try LedgerDatabase(path: temporary.path, lockWait: reports.lockWait())
    let holder = try Holder(temporary.path, "BEGIN IMMEDIATE")
    holder.letGo(after: .seconds(3))
    let run = try temporary.begin([pending(2, "a")], in: ledger)
    #expect(reports.all.first == .began(path: temporary.path))
    try await Task.sleep(for: .seconds(2))
    #expect(reports.all == [.began(path: temporary.path), .ended(path: temporary.path)])
    #expect(!ledger.isHeldUp)
    #expect(try ledger.run(run.id) != nil)
    try ledger.close()
  }

  @Test("is waited for silently where it takes a moment only")
  func moment() throws {
    let reports = Reports()
    let ledger = try LedgerDatabase(path: temporary.path, lockWait: reports.lockWait())
    let holder = try Holder(temporary.path, "BEGIN IMMEDIATE")
    holder.letGo(after: .milliseconds(100))
    _ = try temporary.begin([pending(2, "a")], in: ledger)
    #expect(reports.all.isEmpty)
    try ledger.close()
  }

  @Test("is not waited for beyond the limit, and then not again")
  func limit() throws {
    let ledger = try LedgerDatabase(path: temporary.path, lockWait: Reports().lockWait(limit: .milliseconds(500)))
    let holder = try Holder(temporary.path, "BEGIN IMMEDIATE")
    defer { holder.letGo() }
    let error = #expect(throws: LedgerError.self) { _ = try temporary.begin([pending(2, "a")], in: ledger) }
    #expect(error?.description.contains("another program is still using it") == true)
    let time = ContinuousClock().measure {
      #expect(throws: LedgerError.self) { try ledger.setState(.finished, ofRun: 1) }
    }
    #expect(time < .milliseconds(400))
  }

  @Test("is waited for five seconds more when the command is to end")
  func ending() throws {
    let ledger = try LedgerDatabase(path: temporary.path, lockWait: LockWait(isEnding: { true }))
    let holder = try Holder(temporary.path, "BEGIN IMMEDIATE")
    defer { holder.letGo() }
    let time = ContinuousClock().measure {
      #expect(throws: LedgerError.self) { try ledger.setState(.finished, ofRun: 1) }
    }
    #expect(time > .milliseconds(4900) && time < .seconds(12))
  }

  @Test(
    "is waited for by whoever opens it, to write or to read, whatever the lock",
    arguments: [
      "PRAGMA journal_mode = DELETE; BEGIN IMMEDIATE", "PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE",
      "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE mine (a)",
    ])
  func opening(lock: String) throws {
    func expectWait(_ open: () throws -> Void) throws {
      let holder = try Holder(temporary.path, lock)
      holder.letGo(after: .seconds(2))
      try open()
      holder.waitForEnd()
    }
    try expectWait { try LedgerDatabase(path: temporary.path, lockWait: Reports().lockWait()).close() }
    try expectWait {
      _ = try LedgerDatabase.looking(into: temporary.path, lockWait: Reports().lockWait())?.close()
    }
    try expectWait { _ = try QueryConnection(path: temporary.path, lockWait: Reports().lockWait()) }
  }

  @Test("that is only read by another one holds up nothing")
  func reader() async throws {
    let reports = Reports()
    let ledger = try LedgerDatabase(path: temporary.path, lockWait: reports.lockWait())
    for _ in 1...3 {
      let run = try temporary.begin([pending(2, "a")], in: ledger)
      try ledger.markCollected(run: run.id, at: Timestamp(milliseconds: 1_700_000_002_000))
      try ledger.setState(.finished, ofRun: run.id)
    }
    let holder = try Holder(temporary.path, "BEGIN; SELECT count(*) FROM runs")
    let run = try temporary.begin([pending(2, "a")], in: ledger)
    try await ledger.commit([.found(2)], requests: 1, responses: 1, toRun: run.id)
    _ = try ledger.prune([1], at: Timestamp(milliseconds: 1_700_000_002_000))
    try ledger.close()
    holder.letGo()
    #expect(reports.all.isEmpty)
  }
}
