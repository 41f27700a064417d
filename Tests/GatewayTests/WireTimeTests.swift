import InventoryModel
import TestSupport
import Testing

@testable import Gateway

extension OverTheWire {
  @Suite("An attempt's time")
  struct WireTimeTests {
    struct Delay: CustomTestStringConvertible, Sendable {
      var testDescription: String
      var says: String
      var steps: [ScriptedServer.Step]
    }

    private static let head = "HTTP/1.1 200 OK\r\nContent-Length: \(Wire.configuration.utf8.count)\r\n\r\n"

    static let delays = [
      Delay(
        testDescription: "silence before the head", says: "did not respond within 0.5 s.", steps: [.request, .stall]),
      Delay(
        testDescription: "one byte of the head a second", says: "did not respond within 0.5 s.",
        steps: [.request, .slowly(head + Wire.configuration, every: .seconds(1))]),
      Delay(
        testDescription: "silence in the body", says: "did not finish its response within 0.5 s.",
        steps: [.request, .send(head + "{"), .stall]),
      Delay(
        testDescription: "one byte of the body a second", says: "did not finish its response within 0.5 s.",
        steps: [.request, .send(head), .slowly(Wire.configuration, every: .seconds(1))]),
      Delay(
        testDescription: "a byte often enough for any read timeout", says: "did not finish its response within 0.5 s.",
        steps: [.request, .send(head), .slowly(Wire.configuration, every: .milliseconds(50))]),
    ]

    @Test("ends it, whatever the server does with it", arguments: delays)
    func timeout(_ delay: Delay) async throws {
      try await ScriptedServer.serving(each: delay.steps) { server in
        try await withGateway(at: server.baseURL) { gateway in
          let begin = ContinuousClock.now
          let reply = await gateway.ask()
          let time = ContinuousClock.now - begin
          #expect(time > .milliseconds(450) && time < .milliseconds(1500))
          try expectFailure(reply, .timeout, retry: .backoff)
          #expect(reply.answer.error?.message == "127.0.0.1 \(delay.says)")
        }
      }
    }

    @Test("ends a TLS handshake that never goes on")
    func stalledHandshake() async throws {
      try await ScriptedServer.serving(.stall) { server in
        try await withGateway(at: "https://localhost:\(server.port)") { gateway in
          let begin = ContinuousClock.now
          let reply = await gateway.ask()
          #expect(ContinuousClock.now - begin < .milliseconds(1500))
          try expectFailure(reply, .timeout, retry: .backoff)
          #expect(reply.answer.error?.message == "The connection to localhost timed out after 0.5 s.")
        }
      }
    }

    @Test("is shorter for a connection that does not come about")
    func connectTimeout() async throws {
      try await ScriptedServer.serving(.stall) { server in
        try await withGateway(
          at: "https://localhost:\(server.port)", timeout: .seconds(20), connectTimeout: .milliseconds(300)
        ) { gateway in
          let begin = ContinuousClock.now
          let reply = await gateway.ask()
          #expect(ContinuousClock.now - begin < .milliseconds(1500))
          try expectFailure(reply, .timeout, retry: .backoff)
          #expect(reply.answer.error?.message == "The connection to localhost timed out after 0.3 s.")
        }
      }
    }

    @Test("leaves nothing behind that the end of the run would wait for")
    func shutdown() async throws {
      try await ScriptedServer.serving(.stall) { server in
        let begin = ContinuousClock.now
        try await withGateway(
          at: "https://localhost:\(server.port)", timeout: .milliseconds(300), connectTimeout: .seconds(8)
        ) { gateway in
          try expectFailure(await gateway.ask(), .timeout)
        }
        #expect(ContinuousClock.now - begin < .seconds(3))
      }
    }

    @Test("does not hold up another project's")
    func others() async throws {
      let slow: [ScriptedServer.Step] = [.request, .stall]
      let quick: [ScriptedServer.Step] = [.request, .send(Wire.response())]
      try await ScriptedServer.serving(each: quick, first: slow) { server in
        try await withGateway(at: server.baseURL, timeout: .seconds(2)) { gateway in
          async let stalled = gateway.ask("stalled")
          while server.record.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
          let begin = ContinuousClock.now
          #expect(await gateway.ask("quick").answer.outcome == .found)
          #expect(ContinuousClock.now - begin < .seconds(1))
          #expect(await stalled.answer.error?.code == .timeout)
        }
      }
    }

    @Test("is given back at once when the run is cancelled")
    func cancellation() async throws {
      try await ScriptedServer.serving(.request, .stall) { server in
        try await withGateway(at: server.baseURL, timeout: .seconds(30)) { gateway in
          let asking = Task { await gateway.ask() }
          while server.record.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
          let begin = ContinuousClock.now
          asking.cancel()
          let reply = await asking.value
          #expect(ContinuousClock.now - begin < .seconds(1))
          #expect(reply.answer.outcome == .failed)
          #expect(reply.retry == .never)
        }
      }
    }

    @Test("is not even begun in a task that is cancelled already")
    func cancelledBefore() async throws {
      try await ScriptedServer.serving(.request, .stall) { server in
        try await withGateway(at: server.baseURL, timeout: .seconds(30)) { gateway in
          let begin = ContinuousClock.now
          let asking = Task {
            while !Task.isCancelled { await Task.yield() }
            return await gateway.ask()
          }
          asking.cancel()
          #expect(await asking.value.answer.outcome == .failed)
          #expect(ContinuousClock.now - begin < .seconds(1))
        }
      }
    }
  }
}
