import InventoryModel
import SandboxGateway
import TestSupport
import Testing

@testable import Gateway
@testable import GatewayTransport

extension OverTheWire {
  @Suite("The sandbox")
  struct SandboxServerTests {
    private func answers(
      seed: UInt64 = 1, projects: [String], credential: Credential = Canary.credential
    ) async throws -> [Answer] {
      try await SandboxServer(behavior: SandboxBehavior(seed: seed)).serving { base in
        try await withGateway(at: base, timeout: .seconds(5), credential: credential) { gateway in
          var answers: [Answer] = []
          for project in projects { answers.append(await gateway.ask(project).answer) }
          return answers
        }
      }
    }

    @Test("answers with both bodies of the documentation")
    func bodies() async throws {
      let script: [String: [SandboxReply]] = ["enveloped": [.enveloped], "flat": [.flat]]
      try await SandboxServer(behavior: SandboxBehavior(script: script)).serving { base in
        try await withGateway(at: base, timeout: .seconds(5)) { gateway in
          let enveloped = try #require(await gateway.ask("enveloped").answer.integration)
          #expect(enveloped.brainID == "enveloped")
          #expect(enveloped.id == nil)
          #expect(enveloped.authType == nil)
          #expect(enveloped.extraJSON == "{}")
          let flat = try #require(await gateway.ask("flat").answer.integration)
          #expect(flat.id?.hasPrefix("int_") == true)
          #expect(flat.authType == "bearer" || flat.authType == "no_auth")
          #expect(flat.webhookHost?.hasSuffix(".example") == true)
        }
      }
    }

    @Test(
      "answers as it is told, the last reply again and again",
      arguments: [
        (SandboxReply.notFound, Outcome.notFound, nil), (.forbidden, .unauthorized, ErrorCode.http(403)),
        (.envelopeFailed, .invalidResponse, .envelopeFailed), (.htmlPage, .invalidResponse, .notJSON),
        (.redirect, .invalidResponse, .redirect), (.internalError, .failed, .http(500)),
        (.tooManyRequests(retryAfter: 7), .failed, .http(429)), (.custom(status: 418), .failed, .http(418)),
      ])
    func script(_ reply: SandboxReply, outcome: Outcome, code: ErrorCode?) async throws {
      let behavior = SandboxBehavior(script: ["project-1": [.flat, reply]])
      try await SandboxServer(behavior: behavior).serving { base in
        try await withGateway(at: base, timeout: .seconds(5)) { gateway in
          #expect(await gateway.ask().answer.outcome == .found)
          for _ in 1...2 {
            let answer = await gateway.ask()
            #expect(answer.answer.outcome == outcome)
            #expect(answer.answer.error?.code == code)
            if reply == .tooManyRequests(retryAfter: 7) { #expect(answer.retry == .after(.seconds(7))) }
          }
        }
      }
    }

    @Test("refuses what is over its rate limit, and says when there is room again")
    func rateLimit() async throws {
      let behavior = SandboxBehavior(others: .flat, rateLimit: SandboxRateLimit(interval: .seconds(20)))
      try await SandboxServer(behavior: behavior).serving { base in
        try await withGateway(at: base, timeout: .seconds(5)) { gateway in
          let taken = await gateway.ask("a")
          #expect(taken.answer.outcome == .found)
          let usedUp = Throttling(isRefusal: false, isUsedUp: true, pause: .seconds(20), allowedRate: 0.05)
          #expect(taken.throttling == usedUp)
          let refused = await gateway.ask("b")
          #expect(refused.answer.error?.code == .http(429))
          #expect(refused.retry == .after(.seconds(20)))
          #expect(refused.throttling?.isRefusal == true)
        }
      }
    }

    @Test("takes any key and any client, but for those that are revoked")
    func credentials() async throws {
      let project = ["project-1"]
      let name = Credential.defaultName
      let accepted = [
        Credential.apiKey("any-key", name: name), .basic(clientID: "client", clientSecret: "any", name: name),
      ]
      let refused = [
        Credential.apiKey("revoked-key", name: name), .basic(clientID: "client", clientSecret: "revoked", name: name),
      ]
      for credential in accepted {
        #expect(try await answers(projects: project, credential: credential).first?.httpStatus != 401)
      }
      for credential in refused {
        let answer = try #require(try await answers(projects: project, credential: credential).first)
        #expect(answer.outcome == .unauthorized)
        #expect(answer.error == RowError(.http(401), "Invalid credentials"))
      }
    }

    @Test("refuses a request without a key")
    func noKey() async throws {
      let log = SandboxLog()
      let status = try await SandboxServer(log: log).serving { base in
        let base = try BaseURL(base)
        let transport = try HTTPTransport(.init(base: base, connectTimeout: .seconds(5), connections: 1))
        let result = await transport.send(
          TransportRequest(target: base.target(ofProject: "p"), headers: [], timeout: .seconds(5), bodyLimit: 1000))
        await transport.shutdown()
        return try result.get().status
      }
      #expect(status == 401)
      #expect(log.entries.map(\.status) == [401])
    }

    @Test("answers a path that it does not have as a router does, and a project without an integration as the gateway")
    func unknownPath() async throws {
      let behavior = SandboxBehavior(script: ["project-1": [.notFound]])
      try await SandboxServer(behavior: behavior).serving { base in
        let port = try BaseURL(base).port
        for (path, outcome) in [("jelouapi/v1", Outcome.notFound), ("api", .invalidResponse), ("", .invalidResponse)] {
          try await withGateway(at: "http://127.0.0.1:\(port)/\(path)", timeout: .seconds(5)) { gateway in
            let answer = await gateway.ask().answer
            #expect(answer.outcome == outcome)
            #expect(answer.httpStatus == 404)
            guard outcome == .invalidResponse else { return }
            #expect(answer.error?.code == .notTheGateway)
            #expect(answer.error?.message.contains("Cannot GET /") == true)
          }
        }
      }
    }

    @Test("gives every project the same answer whenever it is asked, and another seed gives others")
    func determinism() async throws {
      let projects = (1...60).map { "project-\($0)" }
      let first = try await answers(projects: projects)
      let again = try await answers(projects: projects.reversed())
      #expect(first == again.reversed())
      #expect(try await answers(seed: 2, projects: projects) != first)
      #expect(Set(first.map(\.outcome)).isSuperset(of: [.found, .notFound]))
    }

    @Test("takes its time, from half of the mean to one and a half")
    func latency() async throws {
      let server = SandboxServer(behavior: SandboxBehavior(latency: .milliseconds(200)))
      try await server.serving { base in
        try await withGateway(at: base, timeout: .seconds(5)) { gateway in
          let begin = ContinuousClock.now
          _ = await gateway.ask()
          let time = ContinuousClock.now - begin
          #expect(time >= .milliseconds(95) && time < .milliseconds(1500))
        }
      }
    }

    @Test("keeps a log of what it was asked, as it came over the wire")
    func log() async throws {
      let log = SandboxLog()
      try await SandboxServer(log: log).serving { base in
        try await withGateway(at: base, timeout: .seconds(5)) { gateway in _ = await gateway.ask("a/../b ?#é") }
      }
      let entry = try #require(log.entries.first)
      #expect(log.entries.count == 1)
      #expect(entry.path == "/jelouapi/v1/external-support/a%2F..%2Fb%20%3F%23%C3%A9")
      #expect(entry.projectID == "a/../b ?#é")
      #expect(entry.apiKey == Canary.key)
    }

    @Test("ends with its operation, even while a client keeps a connection open, and frees its port")
    func end() async throws {
      let begin = ContinuousClock.now
      let (port, idle) = try await SandboxServer().serving { base in
        let port = try BaseURL(base).port
        let socket = try #require(try Loopback.connect(toPort: port))
        _ = Loopback.send(Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8), to: socket)
        #expect(Loopback.readHead(from: socket)?.hasPrefix("HTTP/1.1 404") == true)
        return (port, socket)
      }
      defer { Loopback.end(idle) }
      #expect(ContinuousClock.now - begin < .seconds(3))
      #expect(try Loopback.connect(toPort: port) == nil)
      let again = try await SandboxServer(port: port).serving { base in base }
      #expect(again == "http://127.0.0.1:\(port)/jelouapi/v1")
    }

    @Test("ends when its operation throws, and says why")
    func failingOperation() async throws {
      struct Failure: Error {}
      await #expect(throws: Failure.self) {
        try await SandboxServer().serving { _ in throw Failure() }
      }
    }

    @Test("says so when its port is taken")
    func portTaken() async throws {
      try await ScriptedServer.serving(.stall) { other in
        _ = await #expect(throws: (any Error).self) {
          try await SandboxServer(port: other.port).serving { _ in }
        }
      }
    }
  }
}
