import Dispatch
import InventoryModel
import Synchronization
import TestSupport
import Testing

@testable import Gateway
@testable import GatewayTransport

extension OverTheWire {
  @Suite("A connection")
  struct WireConnectionTests {
    private static let poison = Wire.response(body: #"{"webhookUrl":"https://poison.example/"}"#)
    private static let second = Wire.response(body: #"{"webhookUrl":"https://second.example/"}"#)

    @Test("never gives bytes that follow an answer to the next request", arguments: [Duration.zero, .milliseconds(50)])
    func extraBytes(delay: Duration) async throws {
      let first: [ScriptedServer.Step] =
        delay == .zero
        ? [.request, .send(Wire.response() + Self.poison), .request, .send(Self.second), .stall]
        : [.request, .send(Wire.response()), .wait(delay), .send(Self.poison), .request, .send(Self.second), .stall]
      let later: [ScriptedServer.Step] = [.request, .send(Self.second), .stall]
      try await ScriptedServer.serving(each: later, first: first) { server in
        try await withGateway(at: server.baseURL) { gateway in
          _ = await gateway.ask("first")
          try await Task.sleep(for: delay * 2)
          #expect(await gateway.askPatiently("second").answer.integration?.webhookHost == "second.example")
        }
      }
    }

    @Test("carries one request at a time, whatever comes while it is idle")
    func idleBytes() async throws {
      let steps: [ScriptedServer.Step] = [
        .request, .send(Wire.response()), .wait(.milliseconds(30)), .send("\r\n"), .request, .wait(.milliseconds(200)),
        .send(Wire.response()), .stall,
      ]
      try await ScriptedServer.serving(each: steps) { server in
        try await withGateway(at: server.baseURL, timeout: .seconds(5)) { gateway in
          #expect(await gateway.ask("first").answer.outcome == .found)
          try await Task.sleep(for: .milliseconds(100))
          async let second = gateway.ask("second")
          async let third = gateway.ask("third")
          #expect(await second.answer.outcome == .found)
          #expect(await third.answer.outcome == .found)
        }
        #expect(server.record.connections == 2)
      }
    }

    @Test("tells once when a request is sent: after a connection is there for it, and before an answer")
    func departure() async throws {
      let departures = Mutex<[ContinuousClock.Instant]>([])
      let note: @Sendable () -> Void = { departures.withLock { $0.append(.now) } }
      let steps: [ScriptedServer.Step] = [.request, .wait(.milliseconds(200)), .send(Wire.response()), .again]
      let address = try await ScriptedServer.serving(each: steps) { server in
        try await withGateway(at: server.baseURL, timeout: .seconds(5), connections: 1) { gateway in
          // The later of them waits for the only connection.
          async let first = gateway.ask("first", whenSent: note)
          async let second = gateway.ask("second", whenSent: note)
          let answers = [await first.answer, await second.answer]
          let end = ContinuousClock.now
          #expect(answers.allSatisfy { $0.outcome == .found })
          let times = departures.withLock { $0 }
          try #require(times.count == 2)
          #expect(times[1] - times[0] >= .milliseconds(200))
          #expect(end - times[1] >= .milliseconds(200))
        }
        return server.baseURL
      }
      // Nobody listens there any more.
      try await withGateway(at: address) { gateway in
        #expect(await gateway.ask(whenSent: note).answer.outcome == .failed)
      }
      #expect(departures.withLock { $0.count } == 2)
    }

    @Test("has the request before that is told as sent, the first on a connection too")
    func earlyDeparture() async throws {
      let received = Mutex<[Int]>([])
      try await ScriptedServer.serving(.request, .send(Wire.response()), .again) { server in
        try await withGateway(at: server.baseURL, timeout: .seconds(5), connections: 1) { gateway in
          for _ in 1...2 {
            let reply = await gateway.ask(whenSent: {
              // While this holds the thread up, nothing is sent that has not been.
              _ = DispatchSemaphore(value: 0).wait(timeout: .now() + 0.3)
              received.withLock { $0.append(server.record.requests.count) }
            })
            #expect(reply.answer.outcome == .found)
          }
        }
        #expect(server.record.connections == 1)
      }
      #expect(received.withLock { $0 } == [1, 2])
    }

    @Test("is one of as many as there may be, on however many threads", arguments: [1, 2, 4])
    func threads(count: Int) async throws {
      let workers = 5
      try await ScriptedServer.serving(.request, .send(Wire.response()), .again) { server in
        let base = try BaseURL(server.baseURL)
        let transport = try HTTPTransport(
          .init(base: base, connectTimeout: .seconds(5), connections: workers, threads: count))
        let gateway = IntegrationGateway(
          base: base, credentials: Credentials([Canary.credential]), transport: transport, timeout: .seconds(30),
          connectTimeout: .seconds(5), version: "test")
        let executors = transport.executors
        #expect(executors.count == min(count, HTTPTransport.mostThreads))
        let found = await withTaskGroup(of: Int.self) { group in
          for worker in 0..<workers {
            group.addTask(executorPreference: executors[worker % executors.count]) {
              var found = 0
              for number in 1...20 where await gateway.ask("project-\(number)").answer.outcome == .found { found += 1 }
              return found
            }
          }
          return await group.reduce(0, +)
        }
        await transport.shutdown()
        #expect(found == workers * 20)
        #expect(server.record.connections <= workers)
      }
    }

    @Test("is read before its answer is called late, where the thread was held up")
    func heldUp() async throws {
      try await ScriptedServer.serving(.request, .send(Wire.response()), .again) { server in
        try await withGateway(at: server.baseURL, timeout: .milliseconds(300)) { gateway in
          // As by a worker whose log nobody reads on.
          let reply = await gateway.ask(whenSent: { _ = DispatchSemaphore(value: 0).wait(timeout: .now() + 0.8) })
          #expect(reply.answer.outcome == .found)
        }
      }
    }

    @Test("is used from whatever thread a request comes")
    func foreignThread() async throws {
      try await ScriptedServer.serving(.request, .send(Wire.response()), .again) { server in
        let base = try BaseURL(server.baseURL)
        let transport = try HTTPTransport(
          .init(base: base, connectTimeout: .seconds(5), connections: 4, threads: 2))
        let gateway = IntegrationGateway(
          base: base, credentials: Credentials([Canary.credential]), transport: transport, timeout: .seconds(30),
          connectTimeout: .seconds(5), version: "test")
        for _ in 1...5 { #expect(await gateway.ask().answer.outcome == .found) }
        await transport.shutdown()
        #expect(server.record.connections == 1)
      }
    }

    @Test("is used again for the next project")
    func reuse() async throws {
      try await ScriptedServer.serving(.request, .send(Wire.response()), .again) { server in
        try await withGateway(at: server.baseURL) { gateway in
          for number in 1...20 { #expect(await gateway.ask("project-\(number)").answer.outcome == .found) }
        }
        #expect(server.record.connections == 1)
        #expect(server.record.requests.count == 20)
      }
    }

    struct Ending: CustomTestStringConvertible, Sendable {
      var testDescription: String
      var code: ErrorCode
      var steps: [ScriptedServer.Step]
    }

    static let endings = [
      Ending(testDescription: "closes", code: .connectionClosed, steps: [.request, .send(Wire.response()), .request]),
      Ending(
        testDescription: "resets", code: .connectionReset, steps: [.request, .send(Wire.response()), .request, .reset]),
    ]

    @Test("that the server ends instead of answering again is no failure of the gateway's", arguments: endings)
    func endedByServer(_ ending: Ending) async throws {
      try await ScriptedServer.serving(each: ending.steps) { server in
        try await withGateway(at: server.baseURL) { gateway in
          #expect(await gateway.ask("first").answer.outcome == .found)
          try expectFailure(await gateway.ask("second"), ending.code, retry: .onFreshConnection)
          #expect(await gateway.ask("second").answer.outcome == .found)
        }
      }
    }

    @Test("may be closed by the server at any moment between two requests", arguments: [false, true])
    func closeRace(resets: Bool) async throws {
      let steps: [ScriptedServer.Step] = [.request, .send(Wire.response())] + (resets ? [.wait(.zero), .reset] : [])
      try await ScriptedServer.serving(each: steps) { server in
        try await withGateway(at: server.baseURL, timeout: .seconds(5)) { gateway in
          for number in 1...200 {
            let reply = await gateway.askPatiently("project-\(number)")
            #expect(reply.answer.outcome == .found, "\(reply.answer.error?.message ?? "")")
          }
        }
      }
    }

    @Test("is opened as often as is allowed, and no oftener", arguments: [(3, 12), (20, 20)])
    func parallel(connections: Int, requests: Int) async throws {
      let steps: [ScriptedServer.Step] = [.request, .wait(.milliseconds(150)), .send(Wire.response()), .again]
      try await ScriptedServer.serving(each: steps) { server in
        try await withGateway(at: server.baseURL, timeout: .seconds(5), connections: connections) { gateway in
          await withTaskGroup(of: Outcome.self) { group in
            for number in 1...requests { group.addTask { await gateway.ask("project-\(number)").answer.outcome } }
            for await outcome in group { #expect(outcome == .found) }
          }
        }
        #expect(server.record.peak == connections)
      }
    }

    @Test("carries the documented request and nothing more")
    func request() async throws {
      try await ScriptedServer.serving(.request, .send(Wire.response())) { server in
        try await withGateway(at: server.baseURL + "/jelouapi/v1/") { gateway in _ = await gateway.ask("../a b") }
        let lines = try #require(server.record.requests.first).split(separator: "\r\n").map(String.init)
        #expect(lines.first == "GET /jelouapi/v1/external-support/..%2Fa%20b HTTP/1.1")
        #expect(
          lines.dropFirst().map { $0.lowercased() }.sorted() == [
            "accept: application/json", "host: 127.0.0.1:\(server.port)",
            "user-agent: jelou-inventory/test", "x-api-key: \(Canary.key.lowercased())",
          ])
      }
    }

    @Test("carries a client's ID and secret as Basic")
    func basic() async throws {
      let credential = Credential.basic(clientID: "client", clientSecret: "open sesame", name: Credential.defaultName)
      try await ScriptedServer.serving(.request, .send(Wire.response())) { server in
        try await withGateway(at: server.baseURL, credential: credential) { gateway in _ = await gateway.ask() }
        let request = try #require(server.record.requests.first)
        #expect(request.contains("authorization: Basic Y2xpZW50Om9wZW4gc2VzYW1l\r\n"))
        #expect(!request.lowercased().contains("x-api-key"))
      }
    }

    @Test("is not opened for a project whose credential nobody knows")
    func unknownCredential() async throws {
      try await ScriptedServer.serving(.request, .send(Wire.response())) { server in
        try await withGateway(at: server.baseURL) { gateway in
          let reply = await gateway.ask(for: PendingProject(line: 2, projectID: "p", credential: "acme"))
          #expect(reply.answer.outcome == .skipped)
          try expectFailure(reply, .credentialUnknown, retry: .never)
        }
        #expect(server.record.connections == 0)
      }
    }
  }
}
