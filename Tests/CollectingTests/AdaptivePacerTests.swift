import InventoryModel
import Testing

@testable import Collecting

@Suite("A rate that the gateway pushes down")
struct AdaptivePacerTests {
  private static let refusal = Throttling(isRefusal: true)

  private func pacer(_ rate: String = "100/s") throws -> AdaptivePacer {
    AdaptivePacer(rate: try #require(Rate(rate)), burst: 1)
  }

  @Test("is halved by a refusal, once for all that was under way, and again by the next")
  func halving() throws {
    var pacer = try pacer()
    pacer.note(Self.refusal, began: .seconds(1), at: .seconds(2))
    #expect(pacer.lowered == 50)
    for _ in 0..<10 { pacer.note(Self.refusal, began: .milliseconds(1900), at: .milliseconds(2100)) }
    #expect(pacer.lowered == 50)
    pacer.note(Self.refusal, began: .milliseconds(2050), at: .milliseconds(2200))
    #expect(pacer.lowered == 25)
  }

  @Test("holds back at once what was about to start")
  func reservations() throws {
    var pacer = try pacer("10/s")
    let starts = (0..<8).map { _ in pacer.reserve(at: .zero) }
    #expect(pacer.confirm(starts[0], at: .zero).later == nil)
    pacer.note(Self.refusal, began: .zero, at: .milliseconds(50))
    let times = starts.dropFirst().map { pacer.confirm($0, at: $0.time).later?.time ?? .zero }
    #expect(times == (0..<7).map { .milliseconds(250 + 200 * $0) })
  }

  @Test("never falls below a request in ten seconds, nor below what was asked for", arguments: ["100/s", "6/m", "1/h"])
  func floor(rate: String) throws {
    var pacer = try pacer(rate)
    let asked = try Duration.seconds(1) / #require(Rate(rate)?.interval)
    for second in 1...40 { pacer.note(Self.refusal, began: .seconds(second), at: .seconds(second)) }
    #expect(pacer.lowered == min(asked, 0.1))
  }

  @Test("comes back step by step, and then all at once to the full rate")
  func recovery() throws {
    var pacer = try pacer()
    pacer.note(Self.refusal, began: .zero, at: .zero)
    var now = Duration.zero
    var rates: [Double] = []
    while let rate = pacer.lowered, rates.count < 10_000 {
      if rates.last != rate { rates.append(rate) }
      now += .seconds(1 / rate)
      pacer.note(nil, began: now, at: now)
    }
    #expect(rates == stride(from: 50.0, to: 100, by: 5).map { $0 })
    // Twenty answers a step, and not more than one step a second.
    #expect(now > .seconds(9) && now < .seconds(12))
    #expect(pacer.loweredTime(at: now + .seconds(60)) == now)
    #expect(pacer.reserve(at: now + .seconds(60)).time == now + .seconds(60))
    #expect(pacer.reserve(at: now + .seconds(60)).time == now + .seconds(60) + .milliseconds(10))
  }

  @Test("is left alone by what was asked for before it was lowered")
  func oldAnswers() throws {
    var pacer = try pacer()
    pacer.note(Self.refusal, began: .seconds(9), at: .seconds(10))
    for _ in 0..<1000 { pacer.note(nil, began: .seconds(9), at: .seconds(30)) }
    #expect(pacer.lowered == 50)
  }

  @Test("rests for as long as headers say, a minute at most", arguments: [(5, 5), (60, 60), (3600, 60)])
  func pause(asked: Int, kept: Int) throws {
    var pacer = try pacer()
    pacer.note(Throttling(isRefusal: false, pause: .seconds(asked)), began: .zero, at: .zero)
    #expect(pacer.reserve(at: .zero).time == .seconds(kept))
  }

  @Test("does not rest for a single refusal, which may be about its own project, but for a second one in a row")
  func secondRefusal() throws {
    var pacer = try pacer()
    let refusal = Throttling(isRefusal: true, pause: .seconds(30))
    pacer.note(refusal, began: .zero, at: .zero)
    let start = pacer.reserve(at: .zero)
    #expect(start.time == .milliseconds(20))
    pacer.note(refusal, began: start.time, at: .milliseconds(100))
    #expect(pacer.reserve(at: .milliseconds(100)).time == .milliseconds(100) + .seconds(30))
  }

  @Test("is half of what went out where there was no limit, and none again after a while")
  func unlimited() throws {
    var pacer = try pacer("0")
    for request in 0..<1000 {
      let start = pacer.reserve(at: .milliseconds(request))
      #expect(pacer.confirm(start, at: start.time).later == nil)
    }
    pacer.note(Self.refusal, began: .zero, at: .seconds(1))
    #expect(pacer.lowered == 500)
    var now = Duration.seconds(1)
    while let rate = pacer.lowered, now < .seconds(200) {
      now += .seconds(1 / rate)
      pacer.note(nil, began: now, at: now)
    }
    #expect(pacer.lowered == nil)
    #expect(pacer.reserve(at: now).time == now)
  }
}

extension Pacer.Confirmation {
  /// nil when the request may be sent.
  var later: Pacer.Start? {
    if case .later(let start) = self { start } else { nil }
  }
}
