import Testing

@testable import Collecting

@Suite("The credential gate")
struct CredentialGateTests {
  /// Admits and sends as many requests as may go.
  ///
  /// - Returns: how many there were.
  private func sendAll(_ gate: inout CredentialGate, at now: Duration = .zero, most: Int = 5000) -> Int {
    for sent in 0..<most {
      guard gate.admit("a", isRetry: false, at: now) == .go else { return sent }
      #expect(gate.mayBegin("a", at: now) == .go)
      gate.begin("a", at: now, nil)?.note(at: now)
    }
    return most
  }

  @Test("gives a credential up after ten answers of 401, and no request more is made with it")
  func refused() {
    var gate = CredentialGate()
    #expect(sendAll(&gate) == 10)
    for _ in 0..<9 { gate.note("a", status: 401) }
    #expect(gate.admit("a", isRetry: false, at: .seconds(9)) == .hold)
    gate.note("a", status: 401)
    #expect(gate.admit("a", isRetry: false, at: .seconds(9)) == .refused)
    #expect(gate.admit("a", isRetry: true, at: .seconds(9)) == .refused)
    #expect(gate.mayBegin("a", at: .seconds(9)) == .refused)
    #expect(gate.admit("b", isRetry: false, at: .seconds(9)) == .go)
  }

  @Test("trusts a credential from its first answer other than 401 on", arguments: [200, 404, 403, 500])
  func proven(status: Int) {
    var gate = CredentialGate()
    #expect(sendAll(&gate) == 10)
    for _ in 0..<9 { gate.note("a", status: 401) }
    gate.note("a", status: status)
    for _ in 0..<100 {
      #expect(sendAll(&gate, most: 1) == 1)
      gate.note("a", status: 401)
    }
  }

  @Test("takes a request without an answer for none")
  func noAnswer() {
    var gate = CredentialGate()
    for _ in 0..<100 {
      #expect(sendAll(&gate, most: 1) == 1)
      gate.note("a", status: nil)
    }
    #expect(sendAll(&gate) == 10)
    for _ in 0..<10 { gate.note("a", status: 401) }
    #expect(gate.admit("a", isRetry: false, at: .zero) == .refused)
  }

  @Test(
    "lets more go without an answer as time passes, twice as many every tenth of a second",
    arguments: [(0, 10), (99, 10), (100, 20), (150, 30), (200, 40), (300, 80), (500, 320), (3_600_000, 5000)])
  func slowStart(milliseconds: Int, most: Int) {
    var gate = CredentialGate()
    #expect(sendAll(&gate) == 10)
    #expect(10 + sendAll(&gate, at: .milliseconds(milliseconds), most: 4990) == most)
  }

  @Test("counts the time from when a request was really sent, not from when it was let go")
  func slowConnection() throws {
    var gate = CredentialGate()
    var departures: [Departure] = []
    for _ in 0..<10 {
      #expect(gate.admit("a", isRetry: false, at: .zero) == .go)
      departures += [gate.begin("a", at: .zero, nil)].compactMap { $0 }
    }
    #expect(gate.admit("a", isRetry: false, at: .seconds(2)) == .hold)
    #expect(try #require(gate.opening(for: "a", at: .seconds(2))) > .seconds(2))
    departures[7].note(at: .seconds(2))
    #expect(gate.admit("a", isRetry: false, at: .milliseconds(2099)) == .hold)
    #expect(sendAll(&gate, at: .milliseconds(2100)) == 10)
  }

  @Test("says when there is room for one more, and how much")
  func opening() throws {
    var gate = CredentialGate()
    #expect(gate.opening(for: "a", at: .zero) == nil)
    for round in [10, 20, 47, 3, 600] {
      var now = Duration.zero
      while sendAll(&gate, at: now, most: round) == round {}
      for _ in 0..<20 {
        let opening = try #require(gate.opening(for: "a", at: now))
        #expect(opening > now)
        #expect(try #require(gate.room(for: "a", at: opening)) >= 1)
        now = opening
        #expect(sendAll(&gate, at: now) >= 1)
      }
      gate = CredentialGate()
    }
  }

  @Test("after a refusal, sends what was admitted only up to ten in all, until there is another answer")
  func admittedBefore() {
    var gate = CredentialGate()
    #expect(sendAll(&gate, most: 5) == 5)
    // They wait for their start: at a low rate that comes much later.
    for _ in 0..<60 { #expect(gate.admit("a", isRetry: false, at: .seconds(1)) == .go) }
    gate.note("a", status: 401)
    #expect(gate.opening(for: "a", at: .seconds(1)) == nil)
    var sent = 5
    for _ in 0..<60 where gate.mayBegin("a", at: .seconds(1)) == .go {
      _ = gate.begin("a", at: .seconds(1), nil)
      sent += 1
    }
    #expect(sent == 10)
    gate.note("a", status: 200)
    #expect(gate.mayBegin("a", at: .seconds(1)) == .go)
    #expect(gate.room(for: "a", at: .seconds(1)) == nil)
  }
}
