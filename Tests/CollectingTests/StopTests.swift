import InventoryModel
import Synchronization
import Testing
import TextFormats

@testable import Collecting

/// Runs that end before their list is worked off because nothing can be asked any more.
@Suite("The collector stops", .serialized, .timeLimit(.minutes(3)))
struct StopTests {
  private let clock = TestClock()

  private func projects(_ count: Int, credential: @Sendable (Int) -> String = { _ in "default" }) -> [PendingProject] {
    (1...count).map { PendingProject(line: $0, projectID: "p\($0)", credential: credential($0)) }
  }

  private func collect(
    _ ledger: any CollectingLedger, _ gateway: FakeGateway, rate: String = "10/s", scope: RateScope = .all,
    concurrency: Int = 8, timeLimit: Duration? = nil, stop: StopSignal = StopSignal()
  ) async throws -> CollectingEnd {
    let settings = CollectingSettings(
      rate: try #require(Rate(rate)), burst: 1, scope: scope, concurrency: concurrency,
      retry: RetryPolicy(maxAttempts: 5), timeLimit: timeLimit)
    let collector = Collector(
      settings, ledger: ledger, clock: clock, progress: ProgressBoard(), executors: [clock.executor],
      ledgerExecutor: clock.executor, stop: stop,
      wallClock: { [clock] in Timestamp(milliseconds: Int64(clock.now.offset / .milliseconds(1))) },
      random: { 0.5 }, ask: { project, _, whenSent in await gateway.ask(project, whenSent: whenSent) })
    return try await clock.run { try await collector.run() }
  }

  private func outcomes(_ ledger: FakeLedger) -> [Outcome: Int] {
    Dictionary(grouping: ledger.answers, by: \.answer.outcome).mapValues(\.count)
  }

  private static func away(_ status: Int, _ wait: Duration = .seconds(40_000)) -> Reply {
    Reply(
      .failed(status), retry: .after(wait),
      throttling: status == 429 ? Throttling(isRefusal: true, pause: wait) : nil)
  }

  /// When the run may be resumed, in seconds since its start; nil when it did not end for that.
  private func resumptionTime(_ end: CollectingEnd) -> Double? {
    guard case .sentAway(let time) = end.reason else { return nil }
    return Double(time.milliseconds) / 1000
  }

  @Test(
    "within seconds when the gateway sends everybody away for hours, and leaves every row open",
    arguments: [429, 503], [1, 2, 3, 3000])
  func sentAway(status: Int, count: Int) async throws {
    let ledger = FakeLedger(projects(count))
    let gateway = FakeGateway(clock: clock) { _, _ in Self.away(status) }
    let end = try await collect(ledger, gateway)
    #expect(clock.now.offset < .seconds(20))
    let resumption = try #require(resumptionTime(end))
    #expect(resumption > 40_000 && resumption < 40_001)
    #expect(gateway.requests.count <= min(count, 18))
    #expect(outcomes(ledger) == [.skipped: gateway.requests.count])
    #expect(
      ledger.answers.allSatisfy {
        $0.attempts == 1 && $0.answer.error?.code == .gatewayUnreachable
          && $0.answer.error?.message.contains("1970-01-01T11:06:40") == true
      })
  }

  @Test("after three requests where the rate is low, however many workers wait for their turn")
  func slow() async throws {
    let ledger = FakeLedger(projects(50))
    let gateway = FakeGateway(clock: clock) { _, _ in Self.away(503) }
    let end = try await collect(ledger, gateway, rate: "1/m")
    #expect(resumptionTime(end) != nil)
    #expect(gateway.requests.count == 3)
    #expect(clock.now.offset < .seconds(121))
  }

  @Test("and says when the first may come back, not the last")
  func earliest() async throws {
    let gateway = FakeGateway(clock: clock) { project, _ in
      Self.away(503, .seconds(project.line == 3 ? 7000 : 40_000))
    }
    let end = try await collect(FakeLedger(projects(5)), gateway)
    #expect(try #require(resumptionTime(end)) < 7002)
  }

  @Test("also when it begins to send everybody away in the middle: what was under way then is open, too")
  func middle() async throws {
    let ledger = FakeLedger(projects(5000))
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(200)) { [clock] project, _ in
      // Answers do not come in the order of the requests.
      clock.now.offset < .seconds(5) || (project.line % 7 == 0 && clock.now.offset < .milliseconds(5150))
        ? Reply(.found) : Self.away(503)
    }
    let end = try await collect(ledger, gateway, rate: "100/s", concurrency: 50)
    #expect(resumptionTime(end) != nil)
    #expect(Set(outcomes(ledger).keys) == [.found, .skipped])
    #expect(clock.now.offset < .seconds(11))
  }

  @Test(
    "not for a few: one in a hundred fails with what was asked, and the run goes on at its rate", arguments: [429, 503])
  func few(status: Int) async throws {
    let ledger = FakeLedger(projects(500))
    let gateway = FakeGateway(clock: clock) { project, _ in
      project.line % 100 == 50 ? Self.away(status) : Reply(.found)
    }
    let end = try await collect(ledger, gateway, rate: "100/s")
    #expect(end.reason == nil)
    #expect(outcomes(ledger) == [.found: 495, .failed: 5])
    for answer in ledger.answers where answer.answer.outcome == .failed {
      #expect(answer.answer.error?.code == .retryAfterTooLong)
      #expect(answer.answer.error?.message.contains("40000 s") == true)
      #expect(answer.answer.httpStatus == status && answer.attempts == 1)
    }
  }

  @Test("not for projects of one customer that stand together in the list", arguments: [1, 400])
  func neighbors(first: Int) async throws {
    let ledger = FakeLedger(projects(800))
    let gateway = FakeGateway(clock: clock) { project, _ in
      (first..<first + 40).contains(project.line) ? Self.away(503) : Reply(.found)
    }
    let end = try await collect(ledger, gateway, rate: "50/s")
    #expect(end.reason == nil)
    #expect(outcomes(ledger) == [.found: 760, .failed: 40])
  }

  @Test("not for the list's last ones where others were answered")
  func last() async throws {
    let ledger = FakeLedger(projects(100))
    let gateway = FakeGateway(clock: clock) { project, _ in project.line > 97 ? Self.away(503) : Reply(.found) }
    let end = try await collect(ledger, gateway)
    #expect(end.reason == nil)
    #expect(outcomes(ledger) == [.found: 97, .failed: 3])
  }

  @Test("using the credential that is sent away, and works off the others")
  func scopes() async throws {
    let ledger = FakeLedger(projects(400) { $0 % 2 == 0 ? "good" : "away" })
    let gateway = FakeGateway(clock: clock) { project, asked in
      if project.credential == "away" { return Self.away(429) }
      return project.line == 300 && asked == 0 ? Reply(.failed(503), retry: .after(.seconds(60))) : Reply(.found)
    }
    let end = try await collect(ledger, gateway, scope: .credentials(["away", "good"]))
    let resumption = try #require(resumptionTime(end))
    #expect(resumption > 40_000 && resumption < 40_020)
    #expect(outcomes(ledger)[.found] == 200)
    #expect(gateway.requests.count { $0.line % 2 == 1 } <= 18)
    #expect(outcomes(ledger)[.failed] == nil)
  }

  @Test("using a credential whose projects wait by the thousand without holding up the others")
  func manyWaiting() throws {
    var schedule = Schedule(buckets: 2, rate: try #require(Rate("0")), burst: 1)
    for (bucket, count) in [(0, 10_011), (1, 1)] {
      schedule.add(projects(count) { _ in "\(bucket)" }, toBucket: bucket)
      schedule.add([], toBucket: bucket)
    }
    var underWay: [Work] = []
    while let work = schedule.nextStart(at: .zero) {
      switch work.project.line {
      case 1: schedule.noteFound(work, at: .zero)
      case 2...11: underWay.append(work)
      default: schedule.noteFailure(of: work, wait: .seconds(60), at: .zero)
      }
    }
    schedule.add(projects(1) { _ in "1" }, toBucket: 1)
    guard case .wait(until: .seconds(60)) = schedule.nextStep(at: .zero) else {
      Issue.record("A new project is started.")
      return
    }
    for work in underWay {
      schedule.end(
        work, Reply(.failed(503), retry: .after(.seconds(40_000))), .sentAway(.failed(503), for: .seconds(40_000)),
        at: .zero)
    }
    guard let work = schedule.nextStart(at: .zero), work.bucket == 1 else {
      Issue.record("The other credential's project is not started.")
      return
    }
    schedule.noteFound(work, at: .seconds(1))
    guard case .sentAway(.seconds(40_000)) = schedule.nextStep(at: .seconds(1)) else {
      Issue.record("It does not stop.")
      return
    }
    #expect(schedule.begunWork().count == 10_010)
  }

  @Test("at once when all that is left has to wait until after the time limit", arguments: [60, 3000])
  func nothingDue(wait: Int) async throws {
    let ledger = FakeLedger(projects(20))
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(20)) { project, _ in
      // Both are kept: what was asked for is shorter than what a run waits.
      [3, 20].contains(project.line) ? Reply(.failed(503), retry: .after(.seconds(min(wait, 600)))) : Reply(.found)
    }
    let end = try await collect(ledger, gateway, timeLimit: .seconds(50))
    guard case .nothingDueInTime(let time) = end.reason else {
      Issue.record("It ends for \(String(describing: end.reason))")
      return
    }
    #expect(abs(time.milliseconds - Int64(min(wait, 600) * 1000) - 700) < 1000)
    #expect(clock.now.offset < .seconds(5))
    #expect(outcomes(ledger) == [.found: 18, .skipped: 2])
    #expect(
      ledger.answers.filter { $0.answer.outcome == .skipped }.allSatisfy {
        $0.answer.error?.code == .outOfTime && $0.attempts == 1
      })
  }

  @Test("not before what is under way has ended: it may come back in time")
  func underWay() async throws {
    let ledger = FakeLedger(projects(2))
    let gateway = FakeGateway(clock: clock, latency: .seconds(3)) { project, asked in
      if asked > 0 { return Reply(.found) }
      return Reply(.failed(503), retry: project.line == 1 ? .after(.seconds(60)) : .after(.seconds(1)))
    }
    let end = try await collect(ledger, gateway, timeLimit: .seconds(50))
    #expect(end.reason?.resumeAfter != nil)
    #expect(outcomes(ledger) == [.found: 1, .skipped: 1])
  }

  @Test("by its time limit where it is sent away for longer, with every row open", arguments: [1, 500])
  func sentAwayInTime(count: Int) async throws {
    let ledger = FakeLedger(projects(count))
    let gateway = FakeGateway(clock: clock) { _, _ in Self.away(429) }
    let end = try await collect(ledger, gateway, timeLimit: .milliseconds(500))
    #expect(end.reason != nil && end.reason != .interrupted)
    #expect(outcomes(ledger).keys.allSatisfy { $0 == .skipped })
  }

  @Test("without an error when a page of rows takes longer to read than what is under way may take")
  func slowPage() async throws {
    let ledger = SlowLedger(projects(5000), clock: clock)
    let stop = StopSignal()
    let gateway = FakeGateway(clock: clock, latency: .milliseconds(10)) { project, _ in
      if project.line == 20 { stop.stop(.interrupted) }
      return Reply(.found)
    }
    let end = try await collect(ledger, gateway, stop: stop)
    #expect(end.reason == .interrupted)
    #expect(clock.now.offset < .seconds(12))
    #expect(ledger.committed >= 20)
  }
}

/// A ledger whose second page takes a minute.
private final class SlowLedger: CollectingLedger {
  private let ledger: FakeLedger
  private let clock: TestClock

  init(_ projects: [PendingProject], clock: TestClock) {
    ledger = FakeLedger(projects)
    self.clock = clock
  }

  var committed: Int { ledger.answers.count }

  func pendingProjects(
    ofCredential credential: String?, afterLine line: Int, limit: Int
  ) async throws -> [PendingProject] {
    if line > 0 { try await clock.sleep(until: clock.now.advanced(by: .seconds(60))) }
    return try await ledger.pendingProjects(ofCredential: credential, afterLine: line, limit: limit)
  }

  func commit(_ answers: [CollectedAnswer], requests: Int, responses: Int) async throws {
    try await ledger.commit(answers, requests: requests, responses: responses)
  }

  let isHeldUp = false

  func setAside(_ answers: [CollectedAnswer], requests: Int, responses: Int) {
    ledger.setAside(answers, requests: requests, responses: responses)
  }
}
