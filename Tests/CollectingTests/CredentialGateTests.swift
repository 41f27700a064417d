import Testing

@testable import Collecting

@Suite("The credential gate")
struct CredentialGateTests {
  /// Starts and sends as many requests as are admitted.
  ///
  /// - Returns: how many there were.
  private func sendAll(_ gate: inout CredentialGate, at now: Duration = .zero, most: Int = 5000) -> Int {
    for sent in 0..<most {
      guard gate.admission(of: "a", at: now) == .admitted else { return sent }
      if gate.start("a") { gate.noteSend(of: "a", at: now) }
    }
    return most
  }

  @Test("gives a credential up after ten answers of 401, and no request more is made with it")
  func refused() {
    var gate = CredentialGate()
    #expect(sendAll(&gate) == 10)
    for _ in 0..<9 { gate.noteEnd(of: "a", status: 401) }
    #expect(gate.admission(of: "a", at: .seconds(9)) == .held)
    gate.noteEnd(of: "a", status: 401)
    #expect(gate.admission(of: "a", at: .seconds(9)) == .refused)
    #expect(gate.hasRefused)
    #expect(gate.admission(of: "b", at: .seconds(9)) == .admitted)
  }

  @Test("trusts a credential from its first answer other than 401 on", arguments: [200, 404, 403, 500])
  func proven(status: Int) {
    var gate = CredentialGate()
    #expect(sendAll(&gate) == 10)
    for _ in 0..<9 { gate.noteEnd(of: "a", status: 401) }
    gate.noteEnd(of: "a", status: status)
    for _ in 0..<100 {
      #expect(sendAll(&gate, most: 1) == 1)
      gate.noteEnd(of: "a", status: 401)
    }
  }

  @Test("takes a request without an answer for none")
  func noAnswer() {
    var gate = CredentialGate()
    for _ in 0..<100 {
      #expect(sendAll(&gate, most: 1) == 1)
      gate.noteEnd(of: "a", status: nil)
    }
    #expect(sendAll(&gate) == 10)
    for _ in 0..<10 { gate.noteEnd(of: "a", status: 401) }
    #expect(gate.admission(of: "a", at: .zero) == .refused)
  }

  @Test(
    "lets more go without an answer as time passes, twice as many every tenth of a second",
    arguments: [(0, 10), (99, 10), (100, 20), (150, 30), (200, 40), (300, 80), (500, 320), (3_600_000, 5000)])
  func slowStart(milliseconds: Int, most: Int) {
    var gate = CredentialGate()
    #expect(sendAll(&gate) == 10)
    #expect(10 + sendAll(&gate, at: .milliseconds(milliseconds), most: 4990) == most)
  }

  @Test("counts the time from when a request was really sent, not from its start")
  func slowConnection() throws {
    var gate = CredentialGate()
    for _ in 0..<10 {
      #expect(gate.admission(of: "a", at: .zero) == .admitted)
      let isObserved = gate.start("a")
      #expect(isObserved)
    }
    #expect(gate.admission(of: "a", at: .seconds(2)) == .held)
    // Only the send can change that.
    #expect(gate.opening(for: "a", at: .seconds(2)) == nil)
    gate.noteSend(of: "a", at: .seconds(2))
    #expect(gate.admission(of: "a", at: .milliseconds(2099)) == .held)
    #expect(gate.opening(for: "a", at: .seconds(2)) == .milliseconds(2100))
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

  @Test("after a refusal, starts requests only up to ten in all, until there is another answer")
  func afterRefusal() {
    var gate = CredentialGate()
    #expect(sendAll(&gate, most: 5) == 5)
    gate.noteEnd(of: "a", status: 401)
    #expect(gate.opening(for: "a", at: .seconds(1)) == nil)
    #expect(sendAll(&gate, at: .seconds(1)) == 5)
    gate.noteEnd(of: "a", status: 200)
    #expect(gate.admission(of: "a", at: .seconds(1)) == .admitted)
    #expect(gate.room(for: "a", at: .seconds(1)) == nil)
  }
}
