import Foundation
import SandboxGateway
import TestSupport
import Testing

extension TheProgram {
  /// How the requests of a run are spaced, as the gateway sees them.
  @Suite("The pace of a run", .serialized, .timeLimit(.minutes(5)))
  struct PaceTests {
    /// By how much a request may be late on its way, or in the log, on a busy machine.
    private static let delivery = Duration.milliseconds(100)

    private let program: Program

    init() throws {
      program = try Program()
    }

    private func writeList(_ count: Int) throws { try program.folder.writeList((1...count).map { "project-\($0)" }) }

    /// How many requests a token bucket at the gateway would refuse.
    private func refusals(_ log: SandboxLog, interval: Duration, burst: Int) throws -> Int {
      let times = log.entries.map(\.time).sorted()
      let first = try #require(times.first)
      return CellRate(interval: interval, burst: burst, tolerance: Self.delivery).refusals(of: times.map { $0 - first })
    }

    @Test(
      "stays even after the program stood still for five seconds: no more than the burst goes out together",
      arguments: [1, 3])
    func standstill(burst: Int) async throws {
      try writeList(400)
      let log = SandboxLog()
      try await SandboxServer(behavior: SandboxBehavior(others: .flat), log: log).serving { baseURL in
        let running = try program.start([
          "list.csv", "--base-url", baseURL, "--rate", "100", "--burst", "\(burst)", "--concurrency", "200",
        ])
        try await wait { log.entries.count >= 100 }
        running.send(SIGSTOP)
        try await Task.sleep(for: .seconds(5))
        running.send(SIGCONT)
        #expect(try await running.ending.status == 0)
      }
      #expect(log.entries.count == 400)
      #expect(try refusals(log, interval: .milliseconds(10), burst: burst) == 0)
    }

    @Test("stays even after an outage of twelve seconds")
    func outage() async throws {
      try writeList(600)
      let port = try Loopback.freePort()
      let log = SandboxLog()
      let server = SandboxServer(behavior: SandboxBehavior(others: .flat), port: port, log: log)
      let running = try await server.serving { baseURL in
        let running = try program.start([
          "list.csv", "--base-url", baseURL, "--rate", "100", "--concurrency", "200",
        ])
        try await wait { log.entries.count >= 100 }
        return running
      }
      try await Task.sleep(for: .seconds(12))
      let ending = try await server.serving { _ in try await running.ending }
      #expect(ending.status == 0, "\(ending.error)")
      #expect(try refusals(log, interval: .milliseconds(10), burst: 1) == 0)
    }

    @Test("is shared by shards that begin together: they take turns")
    func shards() async throws {
      try writeList(60)
      let log = SandboxLog()
      try await SandboxServer(behavior: SandboxBehavior(others: .flat), log: log).serving { baseURL in
        let running = try (1...6).map { number in
          try program.start([
            "list.csv", "--base-url", baseURL, "--rate", "2", "--shard", "\(number)/6", "-o", "shard-\(number)",
            "--max-duration", "8",
          ])
        }
        for shard in running { _ = try await shard.ending }
      }
      let times = log.entries.map(\.time).sorted()
      let first = try #require(times.first)
      // Two a second; the programs may begin at slightly different times.
      #expect(times.count { $0 - first < .milliseconds(400) } <= 2)
      for (earlier, later) in zip(times, times.dropFirst(3)) { #expect(later - earlier > .milliseconds(900)) }
      #expect(times.count >= 12)
    }

    @Test("is forecast with the shard's turn")
    func forecast() async throws {
      try program.folder.writeList((1...40).map { "project-\($0)" })
      func pace(_ shard: String) async throws -> (requests: Int, least: Int) {
        let ending = try await program.run([
          "plan", "list.csv", "--base-url", "http://127.0.0.1:1/", "--rate", "2", "--shard", shard, "--json",
        ])
        let json = try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any]
        let pace = try #require(json?["pace"] as? [String: Any])
        return (try #require(pace["requests"] as? Int), try #require(pace["least_ms"] as? Int))
      }
      for number in 1...4 {
        let (requests, least) = try await pace("\(number)/4")
        #expect(requests > 1)
        #expect(least == (requests - 1) * 2000 + (number - 1) * 500)
      }
    }

    @Test(
      "is the gateway's own where every good answer says that the window is used up, and not slower",
      arguments: [
        ["ratelimit-limit": "1", "ratelimit-remaining": "0", "ratelimit-reset": "1"],
        ["ratelimit": "limit=1, remaining=0, reset=1"], ["ratelimit": #""a";r=0;t=1"#],
      ])
    func usedUpOnEveryAnswer(headers: [String: String]) async throws {
      try writeList(12)
      let reply = SandboxReply.custom(
        status: 200, headers: headers, body: #"{"webhookUrl":"https://hooks.acme.example/"}"#)
      let log = SandboxLog()
      let ending = try await SandboxServer(behavior: SandboxBehavior(others: reply), log: log).serving { baseURL in
        try await program.run(["list.csv", "--base-url", baseURL, "--rate", "1"])
      }
      #expect(ending.status == 0, "\(ending.error)")
      let times = log.entries.map(\.time)
      let wall = try #require(times.max()) - #require(times.min())
      #expect(wall > .milliseconds(10_900) && wall < .seconds(14), "\(wall)")
    }

    @Test("takes the lines of a header for one list")
    func severalLines() async throws {
      try writeList(20)
      let plain = "HTTP/1.1 200 OK\r\nContent-Length: 44\r\n%\r\n{\"webhookUrl\":\"https://hooks.example/jelou\"}"
      let usedUp = "RateLimit: \"day\";r=900;t=9000\r\nRateLimit: \"second\";r=0;t=2\r\n"
      let steps: [ScriptedServer.Step] = [
        .answer { path in
          [.send(plain.replacingOccurrences(of: "%", with: path.hasSuffix("/project-5") ? usedUp : ""))]
        }, .again,
      ]
      try await ScriptedServer.serving(each: steps) { server in
        let begin = ContinuousClock.now
        let ending = try await program.run(["list.csv", "--base-url", server.baseURL, "--rate", "100"])
        #expect(ending.status == 0, "\(ending.error)")
        #expect(ContinuousClock.now - begin > .seconds(2))
      }
    }

    @Test("is hardly changed by refusals that have nothing to do with it")
    func rareRefusals() async throws {
      try writeList(4000)
      // One in 250.
      let script = Dictionary(
        uniqueKeysWithValues: stride(from: 100, to: 4000, by: 250).map {
          ("project-\($0)", [SandboxReply.tooManyRequests(retryAfter: 1), .flat])
        })
      let log = SandboxLog()
      let behavior = SandboxBehavior(script: script, others: .flat)
      let ending = try await SandboxServer(behavior: behavior, log: log).serving { baseURL in
        try await program.run(["list.csv", "--base-url", baseURL, "--rate", "400", "--concurrency", "32"])
      }
      #expect(ending.status == 0, "\(ending.error)")
      #expect(log.entries.count == 4016)
      #expect(!ending.error.contains("kept the rate"))
    }

    @Test("is not held up by ten rows that stall at the start")
    func stalledStart() async throws {
      try writeList(200)
      let answer = "HTTP/1.1 200 OK\r\nContent-Length: 44\r\n\r\n{\"webhookUrl\":\"https://hooks.example/jelou\"}"
      let stalling = Set((1...10).map { "project-\($0)" })
      let steps: [ScriptedServer.Step] = [
        .answer { path in
          stalling.contains(String(path.split(separator: "/").last ?? "")) ? [.stall] : [.send(answer)]
        }, .again,
      ]
      try await ScriptedServer.serving(each: steps) { server in
        let running = try program.start([
          "list.csv", "--base-url", server.baseURL, "--rate", "0", "--concurrency", "40", "--timeout", "40s",
        ])
        try await wait(for: { server.record.requests.count >= 200 }, limit: .seconds(20))
        running.send(SIGTERM)
        #expect(try await running.ending.signal == SIGTERM)
      }
      let rows = try Inventory(in: program.folder).csv()
      #expect(rows.count { $0["outcome"] == "found" } == 190)
    }
  }
}
