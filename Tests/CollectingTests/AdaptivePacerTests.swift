import InventoryModel
import TestSupport
import Testing

@testable import Collecting

@Suite("A rate that the gateway pushes down")
struct AdaptivePacerTests {
  private static let refusal = Throttling(isRefusal: true)

  private func pacer(_ rate: String = "100/s") throws -> AdaptivePacer {
    AdaptivePacer(rate: try #require(Rate(rate)), burst: 1)
  }

  /// Three refusals in a row, which leave no doubt.
  private func refuse(_ pacer: inout AdaptivePacer, began: Duration, at now: Duration, pause: Duration? = nil) {
    for _ in 0..<3 { pacer.note(Throttling(isRefusal: true, pause: pause), began: began, at: now) }
  }

  @Test("is left alone by a refusal in hundreds of answers, and by its Retry-After")
  func rareRefusals() throws {
    var pacer = try pacer()
    for answer in 0..<10_000 {
      let now = Duration.milliseconds(10 * answer)
      let isRefused = answer % 250 == 0
      pacer.note(isRefused ? Throttling(isRefusal: true, pause: .seconds(30)) : nil, began: now, at: now)
      #expect(pacer.lowered == nil)
    }
    #expect(pacer.loweredTime(at: .seconds(100)) == .zero)
  }

  @Test("is lowered to less than half by refusals in a row, once for all that was under way, and again by the next")
  func halving() throws {
    var pacer = try pacer()
    refuse(&pacer, began: .seconds(1), at: .seconds(2))
    let first = try #require(pacer.lowered)
    #expect(first > 20 && first < 50)
    for _ in 0..<10 { pacer.note(Self.refusal, began: .milliseconds(1900), at: .milliseconds(2100)) }
    #expect(pacer.lowered == first)
    refuse(&pacer, began: .milliseconds(2050), at: .milliseconds(2200))
    #expect(try #require(pacer.lowered) < first / 2)
  }

  @Test("holds back at once what was about to start")
  func heldBack() throws {
    var pacer = try pacer("10/s")
    #expect(pacer.sendNext(at: .zero) == .zero)
    refuse(&pacer, began: .zero, at: .milliseconds(50))
    let spacing = Duration.seconds(1 / (try #require(pacer.lowered)))
    let times = (0..<7).map { _ in pacer.sendNext(at: .milliseconds(50)) }
    #expect(times == (0..<7).map { .milliseconds(50) + spacing * ($0 + 1) })
  }

  @Test("never falls below a request in ten seconds, nor below what was asked for", arguments: ["100/s", "6/m", "1/h"])
  func floor(rate: String) throws {
    var pacer = try pacer(rate)
    let asked = try Duration.seconds(1) / #require(Rate(rate)?.interval)
    for second in 1...120 { pacer.note(Self.refusal, began: .seconds(second), at: .seconds(second)) }
    #expect(pacer.lowered == min(asked, 0.1))
  }

  @Test("never falls below what the gateway's own headers allow")
  func allowed() throws {
    var pacer = try pacer()
    let refusal = Throttling(isRefusal: true, allowedRate: 30)
    for second in 1...40 { pacer.note(refusal, began: .seconds(second), at: .seconds(second)) }
    #expect(pacer.lowered == 30)
  }

  @Test("is left alone by what was asked for before it was lowered")
  func oldAnswers() throws {
    var pacer = try pacer()
    refuse(&pacer, began: .seconds(9), at: .seconds(10))
    let lowered = pacer.lowered
    for _ in 0..<1000 { pacer.note(nil, began: .seconds(9), at: .seconds(30)) }
    #expect(pacer.lowered == lowered)
  }

  @Test("comes back to just below the level quickly, and to more slowly")
  func recovery() throws {
    var pacer = try pacer()
    refuse(&pacer, began: .zero, at: .zero)
    var (now, rates) = (Duration.zero, [Double]())
    while let rate = pacer.lowered, rates.count < 100_000 {
      rates.append(rate)
      now += .milliseconds(10)
      pacer.note(nil, began: now, at: now)
    }
    let plateau = 0.95 * 100
    #expect(rates == rates.sorted())
    #expect(rates[0] == plateau / 2)
    #expect(rates[50] > 0.9 * plateau && rates[100] > 0.99 * plateau)
    #expect(rates[500] < 1.02 * plateau)
    #expect(now > .seconds(7) && now < .seconds(10))
    #expect(pacer.loweredTime(at: now + .seconds(60)) == now)
    #expect(pacer.sendNext(at: now + .seconds(60)) == now + .seconds(60))
    #expect(pacer.sendNext(at: now + .seconds(60)) == now + .seconds(60) + .milliseconds(10))
  }

  @Test(
    "waits for a window that is used up, at the same rate, as long as is asked for; of hours a minute, and then one request",
    arguments: [(5, 5), (600, 600), (3600, 60)])
  func window(asked: Int, kept: Int) throws {
    var pacer = try pacer()
    pacer.note(Throttling(isRefusal: false, isUsedUp: true, pause: .seconds(asked)), began: .zero, at: .zero)
    #expect(pacer.lowered == nil)
    #expect(pacer.sendNext(at: .zero) == .seconds(kept))
    #expect(pacer.sendNext(at: .zero) == .seconds(kept) + .milliseconds(10))
    #expect(pacer.loweredTime(at: .seconds(2)) == .seconds(2))
    #expect(pacer.loweredTime(at: .seconds(5000)) == .seconds(kept))
    // What was under way when the window was used up tells nothing new.
    refuse(&pacer, began: .milliseconds(-5), at: .milliseconds(5))
    #expect(pacer.lowered == nil)
  }

  @Test("rests for a Retry-After of refusals that follow from the rate, and for none of a single refusal")
  func rest() throws {
    var pacer = try pacer()
    pacer.note(Throttling(isRefusal: true, pause: .seconds(30)), began: .zero, at: .zero)
    #expect(pacer.sendNext(at: .zero) == .zero)
    refuse(&pacer, began: .zero, at: .milliseconds(100), pause: .seconds(30))
    #expect(pacer.sendNext(at: .milliseconds(100)) == .milliseconds(100) + .seconds(30))
  }

  @Test("is half of what went out where there was no limit, and none again after a while")
  func unlimited() throws {
    var pacer = try pacer("0")
    for request in 0..<1000 {
      #expect(pacer.sendNext(at: .milliseconds(request)) == .milliseconds(request))
    }
    refuse(&pacer, began: .zero, at: .seconds(1))
    #expect(abs(try #require(pacer.lowered) - 475) < 1)
    var now = Duration.seconds(1)
    while let rate = pacer.lowered, now < .seconds(200) {
      now += .seconds(1 / rate)
      pacer.note(nil, began: now, at: now)
    }
    #expect(pacer.lowered == nil)
    #expect(pacer.sendNext(at: now) == now)
  }
}

@Suite("A run that a gateway limits", .timeLimit(.minutes(2)))
struct PacedRunTests {
  @Test(
    "gets seven eighths of what a bucket gives, with under 3 % of the requests refused",
    arguments: [
      ("100/s", 50.0, 5), ("200/s", 100, 5), ("200/s", 60, 5), ("200/s", 190, 5), ("10/s", 5, 10), ("2/s", 1, 1),
      ("0", 2000, 50),
    ], [5, 100])
  func bucket(limit: (rate: String, perSecond: Double, burst: Int), latency: Int) {
    var bucket = CellRate(interval: .seconds(1 / limit.perSecond), burst: limit.burst + 1)
    let projects = Int(limit.perSecond * 40) + 400
    let run = PacedRun(rate: limit.rate, projects: projects, concurrency: 400, latency: .milliseconds(latency)) {
      bucket.takes(at: $0) ? .taken : .refused
    }
    #expect(run.refusedShare < 0.03, "\(run.refusedShare)")
    #expect(run.end < .seconds(Double(projects) / limit.perSecond * 1.14 + 3), "\(run.end)")
  }

  @Test(
    "is hardly slowed down by refusals that come at random",
    arguments: [("0", 2, 1.5), ("0", 4, 2.5), ("0", 10, 4), ("100/s", 4, 1.1)] as [(String, UInt64, Double)])
  func atRandom(rate: String, perMille: UInt64, most: Double) {
    var random = SplitMix(state: 7)
    let projects = rate == "0" ? 100_000 : 10_000
    let run = PacedRun(rate: rate, projects: projects, latency: .milliseconds(5)) { _ in
      random.next() % 1000 < perMille ? .refused : .taken
    }
    #expect(run.end < .seconds(Double(projects) / (rate == "0" ? 10_000 : 100) * most + 2), "\(run.end)")
  }

  @Test("finds a bucket's rate although some refusals come at random")
  func both() {
    var random = SplitMix(state: 3)
    var bucket = CellRate(interval: .seconds(1) / 500, burst: 50)
    let run = PacedRun(rate: "0", projects: 20_000, latency: .milliseconds(5)) { now in
      random.next() % 1000 >= 4 && bucket.takes(at: now) ? .taken : .refused
    }
    #expect(run.refusedShare < 0.02, "\(run.refusedShare)")
    #expect(run.end < .seconds(55), "\(run.end)")
  }

  @Test(
    "keeps to a window whose headers say when it is used up, and has hardly any request refused",
    arguments: [(1, 1, "1/s", 12), (10, 1, "50/s", 300), (100, 30, "20/s", 1000)])
  func window(limit: Int, seconds: Int, rate: String, projects: Int) {
    let length = Duration.seconds(seconds)
    var begin = Duration.zero - length
    var count = 0
    let run = PacedRun(rate: rate, projects: projects, concurrency: 4, latency: .milliseconds(20)) { now in
      if now >= begin + length {
        begin = now
        count = 0
      }
      count += 1
      let reset = Duration.seconds(((begin + length - now) / .seconds(1)).rounded(.up))
      guard count <= limit else {
        return .init(isTaken: false, throttling: Throttling(isRefusal: true, isUsedUp: true, pause: reset))
      }
      return .init(
        isTaken: true, throttling: count < limit ? nil : Throttling(isRefusal: false, isUsedUp: true, pause: reset))
    }
    let windows = Double(projects) / Double(limit)
    #expect(run.refusedShare < 0.05, "\(run.refusedShare)")
    #expect(run.end < .seconds(windows * (Double(seconds) + 1.1)), "\(run.end)")
    if limit == 1 { #expect(run.end < .seconds(12)) }
  }
}
