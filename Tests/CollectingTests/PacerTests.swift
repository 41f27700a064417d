import TestSupport
import Testing

@testable import Collecting

@Suite("The pacer")
struct PacerTests {
  /// The starts that a pacer hands out to requests that come at the given times.
  private func starts(rate: String, burst: Int, at arrivals: [Duration]) throws -> [Duration] {
    var pacer = Pacer(rate: try #require(Rate(rate)), burst: burst)
    return arrivals.map { pacer.reserve(at: $0).time }
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
    var last = Duration.zero
    for _ in 0..<2000 {
      last = pacer.reserve(at: now).time
      // The worker wakes a little late each time, and asks for the next start only then.
      now = max(now, last - .milliseconds(5)) + .microseconds(300)
    }
    #expect(last == .milliseconds(5) * 1999)
  }

  /// Waits until a reserved start is confirmed, and moves `now` there.
  private func departure(_ pacer: inout Pacer, _ start: Pacer.Start, _ now: inout Duration) throws -> Departure {
    var start = start
    now = max(now, start.time)
    while true {
      switch pacer.confirm(start, at: now) {
      case .go(let departure): return try #require(departure)
      case .later(let later): (start, now) = (later, max(now, later.time))
      }
    }
  }

  private func expectRate(_ sent: [Duration], most: Int) {
    var (first, busiest) = (0, 0)
    for last in sent.indices {
      while sent[last] - sent[first] >= .seconds(1) { first += 1 }
      busiest = max(busiest, last - first + 1)
    }
    #expect(busiest <= most)
  }

  @Test("holds the rate in every second even when requests are let go late", arguments: [1, 5], [UInt64(1), 2, 3])
  func lateness(burst: Int, seed: UInt64) throws {
    var random = SplitMix(state: seed)
    var pacer = Pacer(rate: try #require(Rate("200/s")), burst: burst)
    var now = Duration.zero
    var sent: [Duration] = []
    for _ in 0..<3000 {
      let start = pacer.reserve(at: now)
      now = max(now, start.time)
      // A busy machine: now and then everything stands still for a while.
      if random.next() % 100 == 0 { now += .milliseconds(Int(random.next() % 300)) }
      try departure(&pacer, start, &now).note(at: now)
      sent.append(now)
    }
    expectRate(sent, most: 200 + burst)
  }

  @Test(
    "holds the rate in every second even when requests that were let go are sent late, by a second and more, or never",
    arguments: ["20/s", "200/s", "2000/s"], [UInt64(1), 2, 3])
  func lateDepartures(rate: String, seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let asked = try #require(Rate(rate))
    var pacer = Pacer(rate: asked, burst: 1)
    var now = Duration.zero
    var sent: [Duration] = []
    // What was let go and is not sent yet: a connection that takes its time, or a thread that does.
    var onTheirWay: [(departure: Departure, time: Duration?)] = []
    func send(until now: Duration) {
      onTheirWay.sort { $0.time ?? .zero < $1.time ?? .zero }
      while let (departure, time) = onTheirWay.first, time ?? .zero <= now {
        onTheirWay.removeFirst()
        if let time {
          departure.note(at: time)
          sent.append(time)
        } else {
          departure.end()
        }
      }
    }
    for _ in 0..<6000 {
      var start = pacer.reserve(at: now)
      now = max(now, start.time)
      while true {
        send(until: now)
        let confirmation = pacer.confirm(start, at: now)
        guard case .later(let later) = confirmation else {
          guard case .go(let departure?) = confirmation else { break }
          let isNever = random.next() % 50 == 0
          let lateness = random.next() % 20 == 0 ? Int(random.next() % 1500) : Int(random.next() % 4)
          onTheirWay.append((departure, isNever ? nil : now + .milliseconds(lateness)))
          break
        }
        (start, now) = (later, max(now, later.time))
      }
    }
    send(until: now + .seconds(2))
    #expect(sent.count > 5000)
    expectRate(sent.sorted(), most: Int((.seconds(1) / (try #require(asked.interval))).rounded()) + 1)
  }

  @Test(
    "uses the rate to the full although every request is sent a little late", arguments: ["20/s", "200/s", "2000/s"])
  func fullUse(rate: String) throws {
    let asked = try #require(Rate(rate))
    var pacer = Pacer(rate: asked, burst: 1)
    var now = Duration.zero
    let starts = 10_000
    for number in 0..<starts {
      let start = pacer.reserve(at: now)
      // One that is due already is let go at once.
      try departure(&pacer, start, &now).note(at: now + .microseconds(100 + number % 7 * 30))
    }
    #expect(now < (try #require(asked.interval)) * starts * 1.001 + .seconds(1))
  }

  @Test(
    "makes hardly anybody wait twice who comes at the time that was reserved", arguments: ["20/s", "200/s", "2000/s"],
    [1, 3])
  func reservedAsConfirmed(rate: String, burst: Int) throws {
    var pacer = Pacer(rate: try #require(Rate(rate)), burst: burst)
    var now = Duration.zero
    var waits = 0
    for _ in 0..<9000 {
      var start = pacer.reserve(at: now)
      now = max(now, start.time)
      while true {
        let confirmation = pacer.confirm(start, at: now)
        guard case .later(let later) = confirmation else {
          if case .go(let departure?) = confirmation { departure.note(at: now + .microseconds(50)) }
          break
        }
        (start, now) = (later, later.time)
        waits += 1
      }
    }
    // The burst at the beginning is met again in every window of at least 20 starts.
    #expect(waits <= (burst - 1) * 9000 / 20)
    if rate == "2000/s" { #expect(waits <= burst * 5) }
  }

  /// The times at which workers that sleep until their start send, each at once for its next.
  ///
  /// - Parameter wake: when somebody wakes who sleeps until a time.
  private func sent(
    _ count: Int, by workers: Int, through pacer: inout Pacer, wake: (Duration) -> Duration
  ) -> [Duration] {
    var now = Duration.zero
    var sent: [Duration] = []
    var sleepers = (0..<workers).map { _ in pacer.reserve(at: now) }.map { (start: $0, wakeTime: wake($0.time)) }
    while sent.count < count {
      let next = sleepers.indices.min { sleepers[$0].wakeTime < sleepers[$1].wakeTime } ?? 0
      now = max(now, sleepers[next].wakeTime)
      let start: Pacer.Start
      switch pacer.confirm(sleepers[next].start, at: now) {
      case .later(let later): start = later
      case .go(let departure):
        departure?.note(at: now)
        sent.append(now)
        start = pacer.reserve(at: now)
      }
      sleepers[next] = (start, wake(max(now, start.time)))
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
    let sent = sent(count, by: 200, through: &pacer) { time in
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
    "uses the rate to the full although everybody wakes late, in whatever order",
    arguments: ["20/s", "200/s", "2000/s"], [1, 5])
  func lateTimers(rate: String, burst: Int) throws {
    let asked = try #require(Rate(rate))
    let interval = try #require(asked.interval)
    var random = SplitMix(state: 2)
    var pacer = Pacer(rate: asked, burst: burst)
    let sent = sent(10_000, by: 64, through: &pacer) { $0 + .microseconds(Int(random.next() % 2000)) }
    #expect(CellRate(interval: interval, burst: burst, tolerance: Pacer.tolerance).refusals(of: sent) == 0)
    #expect(sent[9999] < interval * 9999 * 1.003 + .milliseconds(10))
  }

  @Test("loses what a busy machine takes, and no more", arguments: [UInt64(1), 2])
  func busyMachine(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    var pacer = Pacer(rate: try #require(Rate("200/s")), burst: 1)
    var lost = Duration.zero
    var stall = Duration.milliseconds(-1)
    let sent = sent(4000, by: 16, through: &pacer) { time in
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
    #expect((0..<4).map { _ in pacer.reserve(at: .zero).time } == [50, 50, 50, 150].map { .milliseconds($0) })
    let reserved = pacer.reserve(at: .zero)
    #expect(pacer.hold(until: .seconds(5), at: .milliseconds(250)) == .seconds(4.75))
    #expect(pacer.hold(until: .seconds(4), at: .milliseconds(250)) == .zero)
    let later = try #require(pacer.confirm(reserved, at: .milliseconds(250)).later)
    #expect(later.time == .seconds(5))
    #expect((0..<3).map { _ in pacer.reserve(at: .seconds(5)).time } == [5000, 5000, 5100].map { .milliseconds($0) })
  }

  @Test("holds where there is no limit, too")
  func holdingWithoutLimit() throws {
    var pacer = Pacer(rate: try #require(Rate("0")), burst: 1)
    let reserved = pacer.reserve(at: .zero)
    #expect(pacer.hold(until: .seconds(5), at: .zero) == .seconds(5))
    #expect(pacer.confirm(reserved, at: .zero).later?.time == .seconds(5))
    #expect(pacer.reserve(at: .seconds(6)).time == .seconds(6))
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
