import TestSupport
import Testing

@testable import Collecting

@Suite("The pacer")
struct PacerTests {
  /// The starts of requests that are ready at the given times.
  private func starts(rate: String, burst: Int, at arrivals: [Duration]) throws -> [Duration] {
    var pacer = Pacer(rate: try #require(Rate(rate)), burst: burst)
    return arrivals.map { pacer.sendNext(at: $0) }
  }

  @Test(
    "spaces starts evenly, and lets a burst go together only after a pause",
    arguments: [
      (rate: "10/s", burst: 1, arrivals: [0, 0, 0, 0], starts: [0, 100, 200, 300]),
      (rate: "10/s", burst: 1, arrivals: [0, 500, 500], starts: [0, 500, 600]),
      (rate: "10/s", burst: 3, arrivals: [0, 0, 0, 0, 0], starts: [0, 0, 0, 100, 200]),
      (
        rate: "10/s", burst: 3, arrivals: [0, 0, 0, 100, 1000, 1000, 1000, 1000],
        starts: [0, 0, 0, 100, 1000, 1000, 1000, 1100]
      ),
      (rate: "60/m", burst: 1, arrivals: [0, 0], starts: [0, 1000]),
      (rate: "6/h", burst: 1, arrivals: [0, 0], starts: [0, 600_000]),
      (rate: "0.5/s", burst: 1, arrivals: [0, 0], starts: [0, 2000]),
      (rate: "0", burst: 1, arrivals: [0, 0, 7], starts: [0, 0, 7]),
    ])
  func spacing(rate: String, burst: Int, arrivals: [Int], starts expected: [Int]) throws {
    #expect(
      try starts(rate: rate, burst: burst, at: arrivals.map { .milliseconds($0) })
        == expected.map { Duration.milliseconds($0) })
  }

  @Test("holds the rate in every window, whatever the arrivals", arguments: [1, 2, 10], [UInt64(1), 2, 3])
  func windows(burst: Int, seed: UInt64) throws {
    var random = SplitMix(state: seed)
    var time = Duration.zero
    let arrivals = (0..<2000).map { _ in
      // Rushes and pauses.
      time += random.next() % 20 == 0 ? .milliseconds(Int(random.next() % 500)) : .zero
      return time
    }
    let starts = try starts(rate: "200/s", burst: burst, at: arrivals)
    #expect(starts == starts.sorted())
    for (arrival, start) in zip(arrivals, starts) { #expect(start >= arrival) }
    var first = 0
    for last in starts.indices {
      while starts[last] - starts[first] >= .seconds(1) { first += 1 }
      #expect(last - first + 1 <= 200 + burst)
    }
  }

  @Test("uses the rate to the full: a late request does not put off the next")
  func noDrift() throws {
    var pacer = Pacer(rate: try #require(Rate("200/s")), burst: 1)
    var now = Duration.zero
    for _ in 0..<2000 {
      // The timer is a little late each time.
      now = pacer.nextTime(at: now) + .microseconds(300)
      pacer.start(at: now)?.note(at: now)
    }
    #expect(now < .milliseconds(5) * 1999 + .milliseconds(2))
  }

  private func expectRate(_ sent: [Duration], most: Int) {
    var (first, busiest) = (0, 0)
    for last in sent.indices {
      while sent[last] - sent[first] >= .seconds(1) { first += 1 }
      busiest = max(busiest, last - first + 1)
    }
    #expect(busiest <= most)
  }

  @Test("holds the rate in every second even when requests start late", arguments: [1, 5], [UInt64(1), 2, 3])
  func lateness(burst: Int, seed: UInt64) throws {
    var random = SplitMix(state: seed)
    var pacer = Pacer(rate: try #require(Rate("200/s")), burst: burst)
    var now = Duration.zero
    var sent: [Duration] = []
    for _ in 0..<3000 {
      now = pacer.nextTime(at: now)
      // A busy machine: now and then everything stands still for a while.
      if random.next() % 100 == 0 { now += .milliseconds(Int(random.next() % 300)) }
      pacer.start(at: now)?.note(at: now)
      sent.append(now)
    }
    expectRate(sent, most: 200 + burst)
  }

  @Test(
    "holds the rate in every second even when started requests are sent late, by a second and more, or never",
    arguments: ["20/s", "200/s", "2000/s"], [UInt64(1), 2, 3])
  func lateSends(rate: String, seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let asked = try #require(Rate(rate))
    var pacer = Pacer(rate: asked, burst: 1)
    var now = Duration.zero
    var sent: [Duration] = []
    // What is started and not sent yet: a connection that takes its time, or a thread that does.
    var unsent: [(timestamp: SendTimestamp, time: Duration, isNever: Bool)] = []
    func send(until now: Duration) {
      unsent.sort { $0.time < $1.time }
      while let (timestamp, time, isNever) = unsent.first, time <= now {
        unsent.removeFirst()
        if isNever {
          timestamp.end()
        } else {
          timestamp.note(at: time)
          sent.append(time)
        }
      }
    }
    while sent.count < 6000 {
      send(until: now)
      guard case .at(let time) = pacer.nextStart(at: now) else {
        // The report is an event, whenever it comes.
        now = max(now, try #require(unsent.map(\.time).min()))
        continue
      }
      now = time
      let lateness = random.next() % 20 == 0 ? Int(random.next() % 1500) : Int(random.next() % 4)
      guard let timestamp = pacer.start(at: now) else { continue }
      unsent.append((timestamp, now + .milliseconds(lateness), isNever: random.next() % 50 == 0))
    }
    expectRate(sent.sorted(), most: Int((.seconds(1) / (try #require(asked.interval))).rounded()) + 1)
  }

  @Test("waits for an earlier request to be sent where a second could see too many otherwise")
  func afterSend() throws {
    var pacer = Pacer(rate: try #require(Rate("10/s")), burst: 1)
    let first = pacer.start(at: .zero)
    for start in 1...10 { pacer.start(at: .milliseconds(100 * start))?.note(at: .milliseconds(100 * start)) }
    guard case .afterSend(let awaited) = pacer.nextStart(at: .seconds(5)) else {
      Issue.record("It does not wait.")
      return
    }
    #expect(awaited === first)
    awaited.note(at: .seconds(6))
    #expect(pacer.nextTime(at: .seconds(6)) == .milliseconds(7001))
  }

  @Test(
    "uses the rate to the full although every request is sent a little late", arguments: ["20/s", "200/s", "2000/s"])
  func fullUse(rate: String) throws {
    let asked = try #require(Rate(rate))
    var pacer = Pacer(rate: asked, burst: 1)
    var now = Duration.zero
    let starts = 10_000
    for number in 0..<starts {
      now = pacer.nextTime(at: now)
      pacer.start(at: now)?.note(at: now + .microseconds(100 + number % 7 * 30))
    }
    #expect(now < (try #require(asked.interval)) * starts * 1.001 + .seconds(1))
  }

  /// The times at which requests are sent that are always ready.
  ///
  /// - Parameter wake: when a timer wakes that is set to a time.
  private func sent(_ count: Int, through pacer: inout Pacer, wake: (Duration) -> Duration) -> [Duration] {
    var now = Duration.zero
    var sent: [Duration] = []
    while sent.count < count {
      let time = pacer.nextTime(at: now)
      if time > now { now = max(time, wake(time)) }
      guard pacer.nextTime(at: now) <= now else { continue }
      pacer.start(at: now)?.note(at: now)
      sent.append(now)
    }
    return sent
  }

  @Test(
    "spaces what came due while everything stood still, so that a bucket of the same rate and burst refuses nothing",
    arguments: ["2/s", "100/s", "2000/s"], [1, 5])
  func standstill(rate: String, burst: Int) throws {
    let asked = try #require(Rate(rate))
    let interval = try #require(asked.interval)
    var random = SplitMix(state: 1)
    var pacer = Pacer(rate: asked, burst: burst)
    let count = Int(Duration.seconds(40) / interval)
    let sent = sent(count, through: &pacer) { time in
      // Five of every twenty seconds, and a little at every time.
      let begin = Duration.seconds(time.components.seconds / 20 * 20)
      return max(time, begin + .seconds(5)) + .microseconds(Int(random.next() % 1500))
    }
    let gateway = CellRate(interval: interval, burst: burst, tolerance: Pacer.tolerance)
    #expect(gateway.refusals(of: sent) == 0)
    // Forty seconds' worth, and three standstills; what was lost is not made up for.
    #expect(sent[count - 1] > .seconds(50) - interval * burst * 2 && sent[count - 1] < .seconds(55.2) + interval)
  }

  @Test(
    "uses the rate to the full although every timer is late", arguments: ["20/s", "200/s", "2000/s"], [1, 5])
  func lateTimers(rate: String, burst: Int) throws {
    let asked = try #require(Rate(rate))
    let interval = try #require(asked.interval)
    var random = SplitMix(state: 2)
    var pacer = Pacer(rate: asked, burst: burst)
    let sent = sent(10_000, through: &pacer) { $0 + .microseconds(Int(random.next() % 2000)) }
    #expect(CellRate(interval: interval, burst: burst, tolerance: Pacer.tolerance).refusals(of: sent) == 0)
    #expect(sent[9999] < interval * 9999 * 1.003 + .milliseconds(10))
  }

  @Test("loses what a busy machine takes, and no more", arguments: [UInt64(1), 2])
  func busyMachine(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    var pacer = Pacer(rate: try #require(Rate("200/s")), burst: 1)
    var lost = Duration.zero
    var stall = Duration.milliseconds(-1)
    let sent = sent(4000, through: &pacer) { time in
      if time > stall + .milliseconds(500) {
        stall = time + .milliseconds(Int(random.next() % 50))
        lost += stall - time
      }
      return max(time, stall)
    }
    #expect(CellRate(interval: .milliseconds(5), tolerance: Pacer.tolerance).refusals(of: sent) == 0)
    #expect(sent[3999] <= .milliseconds(5) * 3999 + lost + .milliseconds(10))
  }

  @Test("begins when it is told to, and holds until a time, at the same rate")
  func holding() throws {
    var pacer = Pacer(rate: try #require(Rate("10/s")), burst: 3, firstStart: .milliseconds(50))
    #expect((0..<4).map { _ in pacer.sendNext(at: .zero) } == [50, 50, 50, 150].map { .milliseconds($0) })
    #expect(pacer.hold(until: .seconds(5), at: .milliseconds(250)) == .seconds(4.75))
    #expect(pacer.hold(until: .seconds(4), at: .milliseconds(250)) == .zero)
    #expect(
      (0..<4).map { _ in pacer.sendNext(at: .milliseconds(250)) } == [5000, 5000, 5000, 5100].map { .milliseconds($0) })
  }

  @Test("holds where there is no limit, too")
  func holdingWithoutLimit() throws {
    var pacer = Pacer(rate: try #require(Rate("0")), burst: 1)
    #expect(pacer.hold(until: .seconds(5), at: .zero) == .seconds(5))
    #expect(pacer.sendNext(at: .zero) == .seconds(5))
    #expect(pacer.sendNext(at: .seconds(6)) == .seconds(6))
  }

  @Test("reads rates as they are written", arguments: ["10", "10/s", "600/m", "36000/h"])
  func rates(text: String) throws {
    let interval = try #require(Rate(text)).interval
    #expect(interval == .milliseconds(100))
  }

  @Test("refuses what is no rate", arguments: ["", "x", "-1", "10/d", "10/", "/s", "1e3", "nan", "10 /s", "10000000"])
  func noRates(text: String) {
    #expect(Rate(text) == nil)
  }
}

extension Pacer {
  /// The time of the next start, where no earlier request is unsent.
  func nextTime(at now: Duration) -> Duration { nextStart(at: now).time }

  /// Starts and sends the next request as soon as it may be.
  mutating func sendNext(at now: Duration) -> Duration {
    let time = nextTime(at: now)
    start(at: time)?.note(at: time)
    return time
  }
}

extension AdaptivePacer {
  func nextTime(at now: Duration) -> Duration { nextStart(at: now).time }

  /// Starts and sends the next request as soon as it may be.
  mutating func sendNext(at now: Duration) -> Duration {
    let time = nextTime(at: now)
    start(at: time)?.note(at: time)
    return time
  }
}

extension Pacer.NextStart {
  fileprivate var time: Duration {
    switch self {
    case .at(let time): time
    case .afterSend: preconditionFailure("An earlier request is unsent.")
    }
  }
}
