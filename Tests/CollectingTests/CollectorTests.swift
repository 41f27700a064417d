import Dispatch
import InventoryModel
import Synchronization
import Testing
import TextFormats

@testable import Collecting

@Suite("The collector", .serialized, .timeLimit(.minutes(2)))
struct CollectorTests {
  private let clock = TestClock()

  private func projects(_ count: Int) -> [PendingProject] {
    (1...count).map { PendingProject(line: $0 + 1, projectID: "p\($0)", credential: "default") }
  }

  @discardableResult
  private func collect(
    _ ledger: FakeLedger, _ gateway: FakeGateway, rate: String = "0", burst: Int = 1, concurrency: Int = 4,
    maxAttempts: Int = 5, scope: RateScope = .all, timeLimit: Duration? = nil, board: ProgressBoard = ProgressBoard(),
    stop: StopSignal = StopSignal()
  ) async throws -> CollectingEnd {
    let settings = CollectingSettings(
      rate: try #require(Rate(rate)), burst: burst, scope: scope, concurrency: concurrency,
      retry: RetryPolicy(maxAttempts: maxAttempts), timeLimit: timeLimit)
    let collector = Collector(
      settings, ledger: ledger, clock: clock, progress: board, executors: [clock.executor],
      ledgerExecutor: clock.executor, stop: stop, wallClock: { Timestamp(milliseconds: 0) },
      random: { 0.5 }, ask: { project, _, whenSent in await gateway.ask(project, whenSent: whenSent) })
    return try await clock.run { try await collector.run() }
  }

  @Test("settles every project exactly once, over several pages", arguments: [1, 7, 2000, 5001])
  func everyProject(count: Int) async throws {
    let ledger = FakeLedger(projects(count))
    let gateway = FakeGateway(clock: clock, latency: .zero)
    try await collect(ledger, gateway, concurrency: 32)
    #expect(ledger.answers.map(\.line).sorted() == projects(count).map(\.line))
    #expect(gateway.requests.count == count)
    #expect(ledger.requests == count)
    #expect(ledger.responses == count)
  }

  @Test("keeps no more in flight than it may, and that many when there is work", arguments: [1, 3, 8])
  func concurrency(limit: Int) async throws {
    let gateway = FakeGateway(clock: clock)
    try await collect(FakeLedger(projects(100)), gateway, concurrency: limit)
    #expect(gateway.mostInFlight == limit)
  }

  @Test("places requests on the executors as their connections are spread, the first executor first")
  func placement() {
    var placement = ExecutorPlacement(executors: 3, concurrency: 5)
    #expect((0..<5).map { _ in placement.take() } == [0, 0, 1, 1, 2])
    placement.giveBack(2)
    placement.giveBack(1)
    #expect((0..<2).map { _ in placement.take() } == [1, 2])
    var alone = ExecutorPlacement(executors: 0, concurrency: 2)
    #expect((0..<2).map { _ in alone.take() } == [0, 0])
  }

  @Test("asks on all executors, and has the ledger, which may block, work elsewhere")
  func executors() async throws {
    let executors = [QueueExecutor("first"), QueueExecutor("second")]
    let askedOn = Mutex<[String?]>([])
    let heldUp = Mutex<[String?]>([])
    let ledger = FakeLedger(projects(5000)) { heldUp.withLock { $0.append(QueueExecutor.current) } }
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(1))
    let collector = Collector(
      CollectingSettings(
        rate: try #require(Rate("0")), burst: 1, concurrency: 3, retry: RetryPolicy(maxAttempts: 1)),
      ledger: ledger, clock: clock, progress: ProgressBoard(), executors: executors,
      ledgerExecutor: clock.executor,
      wallClock: { Timestamp(milliseconds: 0) },
      ask: { project, _, whenSent in
        let reply = await gateway.ask(project, whenSent: whenSent)
        askedOn.withLock { $0.append(QueueExecutor.current) }
        return reply
      })
    _ = try await clock.run { try await collector.run() }
    #expect(ledger.answers.count == 5000)
    let places = askedOn.withLock { $0 }
    #expect(Set(places) == ["first", "second"])
    // Two of three requests in flight, but an executor that is faster asks more.
    #expect(places.count { $0 == "first" } > 1700)
    #expect(heldUp.withLock { Set($0) } == [nil])
  }

  @Test("holds the rate over all requests, retries included, and uses it to the full")
  func rate() async throws {
    let ledger = FakeLedger(projects(300))
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(30)) { project, asked in
      project.line % 10 == 0 && asked == 0 ? Reply(.failed(500), retry: .backoff) : Reply(.found)
    }
    try await collect(ledger, gateway, rate: "100/s", concurrency: 8)
    let times = gateway.requests.map(\.time).sorted()
    #expect(times.count == 330)
    for (earlier, later) in zip(times, times.dropFirst()) { #expect(later - earlier >= .milliseconds(10)) }
    #expect(times.count { $0 < .seconds(3) } == 300)
  }

  @Test("is not held up by requests that ended before they were sent")
  func neverSent() async throws {
    let ledger = FakeLedger(projects(100))
    let gateway = FakeGateway(clock: clock, sends: false)
    try await collect(ledger, gateway, rate: "20/s", concurrency: 8)
    #expect(ledger.answers.count == 100)
    #expect(try #require(gateway.requests.map(\.time).max()) < .seconds(6))
  }

  @Test("gives no slot to projects that wait for their next attempt")
  func deferral() async throws {
    let ledger = FakeLedger(projects(100))
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(100)) { project, asked in
      project.line <= 9 && asked == 0
        ? Reply(.failed(503), retry: .after(.seconds(60))) : Reply(.found)
    }
    try await collect(ledger, gateway, concurrency: 2)
    // Eight projects wait a minute; the other 92 go through two slots in 4.6 s all the same.
    let others = gateway.requests.filter { $0.line > 9 }.map(\.time)
    #expect(try #require(others.max()) < .seconds(6))
    let repeated = gateway.requests.filter { $0.line <= 9 && $0.time > .seconds(10) }
    #expect(repeated.count == 8)
    for request in repeated { #expect(request.time >= .seconds(60)) }
    #expect(ledger.answers.allSatisfy { $0.answer.outcome == .found })
    #expect(ledger.answers.filter { $0.line <= 9 }.allSatisfy { $0.attempts == 2 })
  }

  @Test("counts attempts, and keeps the last attempt's duration; a repetition on a fresh connection is not counted")
  func attempts() async throws {
    let ledger = FakeLedger(projects(3))
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(40)) { project, asked in
      switch project.line {
      case 2: Reply(.failed(nil), retry: .backoff)
      case 3: asked == 0 ? Reply(.failed(nil), retry: .onFreshConnection) : Reply(.found)
      default: Reply(.found)
      }
    }
    let board = ProgressBoard()
    try await collect(ledger, gateway, maxAttempts: 3, board: board)
    let byLine = Dictionary(ledger.answers.map { ($0.line, $0) }, uniquingKeysWith: { first, _ in first })
    #expect(byLine[2]?.attempts == 3)
    #expect(byLine[2]?.answer.outcome == .failed)
    #expect(byLine[3]?.attempts == 1)
    #expect(byLine[3]?.answer.outcome == .found)
    #expect(byLine[4]?.attempts == 1)
    #expect(ledger.answers.allSatisfy { $0.durationMS == 40 })
    #expect(ledger.requests == 6)
    #expect(ledger.responses == 2)
    #expect(board.current.requests == 6)
    #expect(board.current.retries == 3)
  }

  @Test("commits answers within a quarter of a second, in batches")
  func batches() async throws {
    let ledger = FakeLedger(projects(100))
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(100))
    try await collect(ledger, gateway, concurrency: 4)
    // 100 projects through 4 slots take 2.5 s, and no answer waits for more than 0.2 s: at least eight commits, and far
    // fewer than answers.
    #expect(ledger.commits.count >= 8)
    // Four answers come every 0.1 s, so that three times four is what may have gathered in 0.2 s.
    #expect(ledger.commits.allSatisfy { $0.count <= 12 })
    #expect(ledger.commits.count < 30)
  }

  @Test("commits the first answer at once")
  func firstAnswer() async throws {
    let ledger = FakeLedger(projects(20))
    try await collect(ledger, FakeGateway(clock: clock, latency: .milliseconds(30)), concurrency: 1)
    let counts = ledger.commits.map(\.count)
    #expect(counts.first == 1)
    #expect(counts.count > 1 && counts[1] > 1)
  }

  @Test("counts every row that shares an answer")
  func sharedRows() async throws {
    let ledger = FakeLedger([PendingProject(line: 2, projectID: "p", credential: "default", rows: 3)])
    let board = ProgressBoard()
    try await collect(ledger, FakeGateway(clock: clock), board: board)
    #expect(board.current.outcomes[.found] == 3)
    #expect(ledger.answers.map(\.isShared) == [true])
  }

  @Test("ends the run when the ledger can't take an answer")
  func fullDisk() async throws {
    let ledger = FakeLedger(projects(1000), failsAfterCommits: 1)
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(100))
    await #expect(throws: FakeLedger.Full.self) { try await collect(ledger, gateway) }
    #expect(gateway.requests.count < 100)
  }
}

/// Runs tasks on a queue that they can tell.
private final class QueueExecutor: TaskExecutor {
  private static let key = DispatchSpecificKey<String>()
  private let queue: DispatchQueue

  init(_ name: String) {
    queue = DispatchQueue(label: name)
    queue.setSpecific(key: Self.key, value: name)
  }

  /// The name of the executor that the caller is on, if any.
  static var current: String? { DispatchQueue.getSpecific(key: key) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
