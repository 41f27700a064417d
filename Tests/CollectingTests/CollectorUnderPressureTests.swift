import InventoryModel
import Synchronization
import Testing
import TextFormats

@testable import Collecting

@Suite("The collector, under pressure", .serialized, .timeLimit(.minutes(3)))
struct CollectorUnderPressureTests {
  private let clock = TestClock()

  private func projects(_ count: Int, credential: @Sendable (Int) -> String = { _ in "default" }) -> [PendingProject] {
    (1...count).map { PendingProject(line: $0, projectID: "p\($0)", credential: credential($0)) }
  }

  private func collect(
    _ ledger: FakeLedger, _ gateway: FakeGateway, rate: String = "0", scope: RateScope = .all, concurrency: Int = 8,
    maxAttempts: Int = 5, timeLimit: Duration? = nil, stop: StopSignal = StopSignal()
  ) async throws -> CollectingEnd {
    let settings = CollectingSettings(
      rate: try #require(Rate(rate)), burst: 1, scope: scope, concurrency: concurrency,
      retry: RetryPolicy(maxAttempts: maxAttempts), timeLimit: timeLimit)
    let collector = Collector(
      settings, ledger: ledger, clock: clock, progress: ProgressBoard(), executors: [clock.executor],
      ledgerExecutor: clock.executor, stop: stop,
      wallClock: { Timestamp(milliseconds: 0) }, random: { 0.5 },
      ask: { project, _, whenSent in await gateway.ask(project, whenSent: whenSent) })
    return try await clock.run { try await collector.run() }
  }

  private func outcomes(_ ledger: FakeLedger) -> [Outcome: Int] {
    Dictionary(grouping: ledger.answers, by: \.answer.outcome).mapValues(\.count)
  }

  @Test("keeps 95 % of the rate while one answer in twenty asks for five seconds, and never asks earlier")
  func deferral() async throws {
    let ledger = FakeLedger(projects(2000))
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(20)) { project, asked in
      project.line % 20 == 0 && asked == 0 ? Reply(.failed(503), retry: .after(.seconds(5))) : Reply(.found)
    }
    let end = try await collect(ledger, gateway, rate: "100/s")
    #expect(end == CollectingEnd(reason: nil, throttled: .zero))
    #expect(outcomes(ledger) == [.found: 2000])
    // 2,100 requests at 100 a second.
    #expect(gateway.requests.count { $0.time < .seconds(20) } >= 1900)
    let byLine = Dictionary(grouping: gateway.requests, by: \.line).mapValues { $0.map(\.time) }
    for times in byLine.values where times.count == 2 { #expect(times[1] - times[0] >= .seconds(5)) }
    #expect(byLine.values.count { $0.count == 2 } == 100)
  }

  @Test("sends at most a fifth more than there are rows when every answer is 500")
  func storm() async throws {
    let ledger = FakeLedger(projects(3000))
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(10)) { _, _ in
      Reply(.failed(500), retry: .backoff)
    }
    _ = try await collect(ledger, gateway, rate: "100/s")
    #expect(outcomes(ledger) == [.failed: 3000])
    // A few more before it is plain that all of them fail.
    #expect(gateway.requests.count <= 3600 + 20)
    #expect(ledger.answers.allSatisfy { $0.answer.error?.code == .http(500) && $0.attempts >= 1 })
  }

  @Test("slows down as one when it is refused, and gets every row answered with few refusals")
  func limitedGateway() async throws {
    // A gateway that takes 50 a second with a burst of 5, asked at 100 a second.
    let bucket = LeakyBucket(perSecond: 50, burst: 5)
    let ledger = FakeLedger(projects(2000))
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(5)) { [clock] _, _ in
      bucket.takes(at: clock.now.offset)
        ? Reply(.found) : Reply(.failed(429), retry: .backoff, throttling: Throttling(isRefusal: true))
    }
    let end = try await collect(ledger, gateway, rate: "100/s")
    #expect(outcomes(ledger) == [.found: 2000])
    let refused = gateway.requests.count - 2000
    #expect(refused > 0)
    #expect(Double(refused) < 0.03 * Double(gateway.requests.count), "\(refused) of \(gateway.requests.count)")
    #expect(end.throttled > .seconds(20))
  }

  @Test("gives each credential a rate of its own, and slows only the one that is refused")
  func scopes() async throws {
    let ledger = FakeLedger(projects(300) { $0 <= 150 ? "slow" : "quick" })
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(5)) { project, asked in
      (3...5).contains(project.line) && asked == 0
        ? Reply(.failed(429), retry: .backoff, throttling: Throttling(isRefusal: true)) : Reply(.found)
    }
    _ = try await collect(ledger, gateway, rate: "10/s", scope: .credentials(["quick", "slow"]))
    #expect(outcomes(ledger) == [.found: 300])
    let quick = gateway.requests.filter { $0.line > 150 }.map(\.time).sorted()
    let slow = gateway.requests.filter { $0.line <= 150 }.map(\.time).sorted()
    // At 10 a second, from the start, although its rows are the list's last.
    #expect(try #require(quick.last) < .milliseconds(15_100))
    for (earlier, later) in zip(quick, quick.dropFirst()) { #expect(later - earlier >= .milliseconds(100)) }
    #expect(try #require(slow.last) > .seconds(16))
  }

  @Test("uses a refused credential ten times, whatever the concurrency, and goes on with the others")
  func refusedCredential() async throws {
    let ledger = FakeLedger(projects(600) { $0 % 2 == 0 ? "good" : "bad" })
    let gateway = FakeGateway(clock: clock) { project, _ in
      project.credential == "bad" ? Reply(.failed(401)) : Reply(.found)
    }
    let end = try await collect(ledger, gateway, concurrency: 64)
    #expect(end.reason == nil)
    #expect(gateway.requests.count { $0.line % 2 == 1 } == 10)
    #expect(outcomes(ledger) == [.found: 300, .failed: 10, .skipped: 290])
    #expect(
      ledger.answers.filter { $0.answer.outcome == .skipped }.allSatisfy {
        $0.answer.error?.code == .credentialRefused && $0.attempts == 0 && $0.fetchedAt == nil
      })
  }

  @Test("is not held up by ten rows that stall at the start, and loses little of its rate to a credential's trial")
  func stalledStart() async throws {
    let ledger = FakeLedger(projects(400))
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(500)) { _, _ in Reply(.found) }
    _ = try await collect(ledger, gateway, rate: "200/s", concurrency: 150)
    let times = gateway.requests.map(\.time).sorted()
    #expect(times[9] < .milliseconds(60) && times[10] >= .milliseconds(100))
    #expect(try #require(times.last) < .milliseconds(2100))
  }

  @Test("sends no more than ten requests with a credential that is refused later, though more were due by then")
  func refusedLater() async throws {
    let ledger = FakeLedger(projects(300))
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(850)) { _, _ in Reply(.failed(401)) }
    _ = try await collect(ledger, gateway, rate: "10/s", concurrency: 64)
    // Nine before the first answer.
    #expect(gateway.requests.count == 10)
    #expect(outcomes(ledger) == [.failed: 10, .skipped: 290])
  }

  @Test("costs no row its attempts when the gateway is out of reach for a while")
  func shortOutage() async throws {
    let ledger = FakeLedger(projects(500))
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(5)) { [clock] _, _ in
      (.seconds(2)..<(.seconds(42))).contains(clock.now.offset)
        ? Reply(.failed(nil), retry: .backoff) : Reply(.found)
    }
    let end = try await collect(ledger, gateway, rate: "50/s")
    #expect(end.reason == nil)
    #expect(outcomes(ledger) == [.found: 500])
    #expect(gateway.requests.count { (.seconds(4)..<(.seconds(41))).contains($0.time) } < 45)
  }

  @Test("stops after a minute of nothing but connection failures, and leaves the rest open")
  func lastingOutage() async throws {
    let ledger = FakeLedger(projects(100_000))
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(5)) { [clock] _, _ in
      clock.now.offset > .seconds(3) ? Reply(.failed(nil), retry: .backoff) : Reply(.found)
    }
    let end = try await collect(ledger, gateway, rate: "50/s")
    guard case .gatewayUnreachable(let last) = end.reason else {
      Issue.record("It does not stop: \(end)")
      return
    }
    #expect(last?.code == .timeout)
    let times = gateway.requests.map(\.time)
    #expect(try #require(times.max()) > .seconds(60))
    #expect(try #require(times.max()) < .seconds(70))
    #expect(times.count < 400)
    #expect(ledger.answers.count { $0.answer.outcome == .found } > 100)
    let skipped = ledger.answers.filter { $0.answer.outcome == .skipped }
    #expect(!skipped.isEmpty)
    #expect(skipped.allSatisfy { $0.answer.error?.code == .gatewayUnreachable && $0.attempts > 0 })
  }

  @Test("ends when it is told to: nothing new is begun, what is under way is kept")
  func stop() async throws {
    let ledger = FakeLedger(projects(1000))
    let stop = StopSignal()
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(2100)) { project, _ in
      if project.line == 20 { stop.stop(.interrupted) }
      return project.line == 5 ? Reply(.failed(503), retry: .after(.seconds(60))) : Reply(.found)
    }
    let end = try await collect(ledger, gateway, rate: "4/s", concurrency: 16, stop: stop)
    #expect(end.reason == .interrupted)
    // Line 20 is answered at 6.85 s; by then 28 were begun.
    #expect(gateway.requests.count == 28)
    #expect(outcomes(ledger) == [.found: 27, .skipped: 1])
    let open = try #require(ledger.answers.first { $0.answer.outcome == .skipped })
    #expect(open.line == 5)
    #expect(open.attempts == 1)
    #expect(open.answer.error?.code == .interrupted)
  }

  @Test("gives what is under way five seconds and no more")
  func grace() async throws {
    let ledger = FakeLedger(projects(100))
    let stop = StopSignal()
    let gateway = FakeGateway(clock: clock, latency: .seconds(30)) { _, _ in Reply(.failed(nil)) }
    // On the clock's own executor, so that it sleeps before the collector moves the clock.
    let stopping = Task(executorPreference: clock.executor) { [clock] in
      try await clock.sleep(until: TestClock.Instant(offset: .seconds(5)))
      stop.stop(.interrupted)
    }
    let end = try await collect(ledger, gateway, stop: stop)
    try await stopping.value
    #expect(end.reason == .interrupted)
    #expect(clock.now.offset < .seconds(12))
    #expect(outcomes(ledger) == [.skipped: 8])
  }

  @Test("begins nothing after its time is over, and leaves a row open whose Retry-After ends later")
  func timeLimit() async throws {
    let ledger = FakeLedger(projects(1000))
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(100)) { project, _ in
      project.line == 1 ? Reply(.failed(503), retry: .after(.seconds(20))) : Reply(.found)
    }
    let end = try await collect(ledger, gateway, rate: "10/s", timeLimit: .seconds(10))
    #expect(end.reason == .outOfTime)
    #expect(try #require(gateway.requests.map(\.time).max()) < .seconds(10))
    #expect(gateway.requests.count >= 99)
    let first = try #require(ledger.answers.first { $0.line == 1 })
    #expect(first.answer.outcome == .skipped)
    #expect(first.answer.error?.code == .outOfTime)
    #expect(first.attempts == 1)
  }
}

/// A gateway's own limit, as nginx's `limit_req` keeps it.
private final class LeakyBucket: Sendable {
  private let perSecond: Double
  private let burst: Double
  private let level = Mutex((time: Duration.zero, excess: 0.0))

  init(perSecond: Double, burst: Double) {
    self.perSecond = perSecond
    self.burst = burst
  }

  func takes(at now: Duration) -> Bool {
    level.withLock { level in
      let excess = max(0, level.excess - (now - level.time) / .seconds(1) * perSecond) + 1
      guard excess <= burst + 1 else { return false }
      level = (now, excess)
      return true
    }
  }
}
