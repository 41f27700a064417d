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
