import InventoryModel
import Synchronization
import Testing
import TextFormats

@testable import Collecting

@Suite("Answers that are not committed yet", .serialized, .timeLimit(.minutes(5)))
struct UncommittedAnswersTests {
  private let clock = TestClock()

  private func projects(_ count: Int) -> [PendingProject] {
    (1...count).map { PendingProject(line: $0, projectID: "p\($0)", credential: "default") }
  }

  private func collect(
    _ ledger: FakeLedger, _ gateway: FakeGateway, rate: String = "0", concurrency: Int,
    stop: StopSignal = StopSignal()
  ) async throws -> CollectingEnd {
    let settings = CollectingSettings(
      rate: try #require(Rate(rate)), burst: 1, concurrency: concurrency, retry: RetryPolicy(maxAttempts: 5))
    let collector = Collector(
      settings, ledger: ledger, clock: clock, progress: ProgressBoard(), executors: [clock.executor],
      ledgerExecutor: clock.executor, stop: stop,
      wallClock: { Timestamp(milliseconds: 0) }, random: { 0.5 },
      ask: { project, _, whenSent in await gateway.ask(project, whenSent: whenSent) })
    return try await clock.run { try await collector.run() }
  }

  private func answer(_ line: Int, bytes: Int = 1) -> CollectedAnswer {
    CollectedAnswer(
      project: PendingProject(line: line, projectID: String(repeating: "p", count: bytes), credential: "default"),
      answer: .failed(503), attempts: 1, durationMS: nil, fetchedAt: nil)
  }

  @Test("are committed at once if they are a run's first, then after the interval, or when they are many or long")
  func commitTimes() {
    var answers = UncommittedAnswers(concurrency: 8, interval: .milliseconds(200))
    #expect(answers.commitTime == nil && answers.beginCommit() == nil)
    answers.countRequest(gotResponse: false, at: .seconds(1))
    #expect(answers.commitTime == .milliseconds(1200))
    answers.add(answer(1), at: .milliseconds(1100))
    #expect(answers.commitTime == .seconds(1))
    #expect(answers.beginCommit()?.answers.map(\.line) == [1])
    answers.add(answer(2), at: .seconds(2))
    // One commit at a time.
    #expect(answers.commitTime == nil && answers.beginCommit() == nil)
    answers.endCommit(succeeded: true)
    #expect(answers.commitTime == .milliseconds(2200))
    for line in 3...1001 { answers.add(answer(line), at: .milliseconds(2100)) }
    #expect(answers.commitTime == .seconds(2))
    #expect(answers.beginCommit()?.answers.count == 1000)
    answers.endCommit(succeeded: true)
    answers.add(answer(1002, bytes: 2 * 1_048_576), at: .seconds(3))
    #expect(answers.commitTime == .seconds(3))
  }

  @Test("have room for 2,000 with those in flight, more where the concurrency is higher, and for 8 MiB")
  func room() {
    for (concurrency, capacity) in [(8, 2000), (1000, 2000), (5000, 6000)] {
      let answers = UncommittedAnswers(concurrency: concurrency, interval: .milliseconds(200))
      #expect(answers.hasRoom(besides: capacity - 1) && !answers.hasRoom(besides: capacity))
    }
    var answers = UncommittedAnswers(concurrency: 8, interval: .milliseconds(200))
    for line in 1...1500 { answers.add(answer(line), at: .zero) }
    _ = answers.beginCommit()
    for line in 1501...1900 { answers.add(answer(line), at: .zero) }
    #expect(answers.hasRoom(besides: 99) && !answers.hasRoom(besides: 100))
    answers.endCommit(succeeded: true)
    #expect(answers.hasRoom(besides: 1599) && !answers.hasRoom(besides: 1600))
    answers.add(answer(1901, bytes: 8 * 1_048_576), at: .zero)
    #expect(!answers.hasRoom(besides: 0))
  }

  @Test("are kept in order when a commit fails")
  func failedCommit() {
    var answers = UncommittedAnswers(concurrency: 8, interval: .zero)
    for line in 1...2 { answers.add(answer(line), at: .zero) }
    answers.countRequest(gotResponse: true, at: .zero)
    _ = answers.beginCommit()
    answers.add(answer(3), at: .zero)
    answers.countRequest(gotResponse: false, at: .zero)
    answers.endCommit(succeeded: false)
    let batch = answers.beginCommit()
    #expect(batch?.answers.map(\.line) == [1, 2, 3])
    #expect(batch?.requests == 2 && batch?.responses == 1)
  }

  @Test("are 2,000 at most, those in a slow commit and those of requests under way included", arguments: [50, 1500])
  func bound(concurrency: Int) async throws {
    let most = Mutex(0)
    let ledger = FakeLedger(projects(3000)) {
    } beforeCommit: { [clock] _, _ in
      try? await clock.sleep(until: clock.now.advanced(by: .seconds(2)))
    }
    let requests = Mutex(0)
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(1)) { _, _ in
      let asked = requests.withLock { count in
        count += 1
        return count
      }
      most.withLock { $0 = max($0, asked - ledger.commits.map(\.count).reduce(0, +)) }
      return Reply(.found)
    }
    _ = try await collect(ledger, gateway, concurrency: concurrency)
    #expect(ledger.answers.count == 3000)
    #expect(most.withLock { $0 } <= max(2000, concurrency + 1000))
    // Requests go on while a commit is running.
    #expect(most.withLock { $0 } >= 1000)
  }

  @Test("stay in order when a commit is refused, and are set aside together")
  func refused() async throws {
    let ledger = FakeLedger(projects(1000), failsAfterCommits: 3)
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(20))
    await #expect(throws: FakeLedger.Full.self) { _ = try await collect(ledger, gateway, concurrency: 4) }
    #expect(ledger.commits.count == 3)
    let kept = (ledger.answers + ledger.answersAside).filter { $0.answer.outcome == .found }
    #expect(!ledger.answersAside.isEmpty)
    #expect(Set(kept.map(\.line)).count == kept.count)
    // Nothing that was answered is missing; what was under way when the commit failed may have been cut off.
    #expect(kept.count >= gateway.requests.count - 4)
  }

  @Test("keep every further request waiting while the ledger waits for another program")
  func heldUp() async throws {
    let ledger = FakeLedger(projects(400)) {
    } beforeCommit: { [clock] number, ledger in
      guard number == 5 else { return }
      ledger.isHeldUp = true
      try? await clock.sleep(until: clock.now.advanced(by: .seconds(20)))
      ledger.isHeldUp = false
    }
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(50))
    let end = try await collect(ledger, gateway, rate: "50/s", concurrency: 8)
    #expect(end.reason == nil)
    #expect(ledger.answers.map(\.line).sorted() == Array(1...400))
    let times = gateway.requests.map(\.time).sorted()
    let pauses = zip(times, times.dropFirst()).map { $1 - $0 }
    #expect(try #require(pauses.max()) > .milliseconds(19_700))
    // Afterwards the rate holds, too.
    #expect(try #require(pauses.min()) >= .milliseconds(20) - Pacer.tolerance)
  }

  @Test("are all kept when the ledger has waited in vain, and nothing is sent at the end")
  func inVain() async throws {
    let ledger = FakeLedger(projects(400), failsAfterCommits: 5) {
    } beforeCommit: { [clock] number, ledger in
      guard number == 5, !ledger.isHeldUp else { return }
      ledger.isHeldUp = true
      try? await clock.sleep(until: clock.now.advanced(by: .seconds(600)))
    }
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(50))
    await #expect(throws: FakeLedger.Full.self) {
      _ = try await collect(ledger, gateway, rate: "50/s", concurrency: 8)
    }
    #expect(try #require(gateway.requests.map(\.time).max()) < .seconds(10))
    let kept = (ledger.answers + ledger.answersAside).map(\.line)
    #expect(kept.sorted() == gateway.requests.map(\.line).sorted())
  }

  @Test("do not keep a stopped run from ending while the ledger waits")
  func stopped() async throws {
    let stop = StopSignal()
    let ledger = FakeLedger(projects(400)) {
    } beforeCommit: { [clock] number, ledger in
      guard number == 5 else { return }
      ledger.isHeldUp = true
      try? await clock.sleep(until: clock.now.advanced(by: .seconds(1)))
      stop.stop(.interrupted)
      try? await clock.sleep(until: clock.now.advanced(by: .seconds(5)))
      ledger.isHeldUp = false
    }
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(50))
    let end = try await collect(ledger, gateway, rate: "50/s", concurrency: 8, stop: stop)
    #expect(end.reason == .interrupted)
    #expect(clock.now.offset < .seconds(9))
    #expect(gateway.requests.count < 100)
    #expect(ledger.answers.count { $0.answer.outcome == .found } == gateway.requests.count)
  }
}
