import Foundation
import SandboxGateway
import TestSupport
import Testing

extension TheProgram {
  @Suite("plan --probe", .timeLimit(.minutes(3)))
  struct PlanProbeTests {
    private let program: Program

    init() throws {
      program = try Program()
      try program.folder.write(
        "list.csv",
        """
        project_id,credential
        ..,good
        alpha,good
        beta,good
        absent,other
        alpha,bad
        gamma,bad
        closed,closed
        broken,broken
        alpha,unknown
        """ + "\n")
      try program.folder.write(
        "keys.csv",
        """
        name,api_key
        good,CANARY-good
        other,CANARY-other
        bad,CANARY-revoked
        closed,CANARY-closed
        broken,CANARY-broken
        spare,CANARY-spare
        """ + "\n")
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600], ofItemAtPath: program.folder.path + "/keys.csv")
    }

    private static let behavior = SandboxBehavior(
      latency: .milliseconds(40),
      script: [
        "alpha": [.flat], "absent": [.notFound], "closed": [.forbidden],
        "broken": [.custom(status: 503, headers: ["retry-after": "1"], body: "CANARY-broken")],
      ])

    private func probes(_ ending: Program.Ending) throws -> [String] {
      let json = try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any]
      return try #require(json?["probes"] as? [[String: Any]]).map { probe in
        ["name", "verdict", "line", "outcome", "http_status", "error_code"].map { key in
          probe[key] is NSNull ? "-" : "\(probe[key] ?? "?")"
        }.joined(separator: " ")
      }
    }

    @Test(
      "asks once with each credential in use, says which work, and writes nothing", arguments: ["all", "credential"])
    func mixed(scope: String) async throws {
      let log = SandboxLog()
      try await SandboxServer(behavior: Self.behavior, log: log).serving { [program] baseURL in
        let arguments = [
          "plan", "list.csv", "--base-url", baseURL, "--credentials", "keys.csv", "--probe", "--rate-scope", scope,
        ]
        let ending = try await program.run(arguments + ["--json", "--rate", "20"])
        #expect(ending.status == 0, "\(ending.error)")
        #expect(
          try probes(ending) == [
            "bad refused 6 unauthorized 401 http-401", "broken unknown 9 failed 503 http-503",
            "closed refused 8 unauthorized 403 http-403", "good works 3 found 200 -",
            "other works 5 not_found 404 -",
          ])
        #expect(log.entries.count == 5)
        #expect(Set(log.entries.compactMap(\.apiKey)).count == 5)
        if scope == "all" {
          let times = log.entries.map(\.time).sorted()
          #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 > .milliseconds(25) })
        }
        let json = try #require(try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any])
        let pace = try #require(json["pace"] as? [String: Any])
        #expect(pace["latency_measured"] as? Bool == true)
        let latencies = (json["probes"] as? [[String: Any]] ?? []).compactMap { $0["latency_ms"] as? Int }.sorted()
        #expect(latencies.count == 5)
        #expect(pace["latency_ms"] as? Int == latencies[2])
        let text = try await program.run(arguments + ["--rate", "0"])
        #expect(text.output.contains("Probe: one request per credential\n  refused           bad: 401, "))
        #expect(text.output.contains("  works             other: 404, "))
        #expect(text.output.contains("  unknown           broken: 503, "))
        #expect(log.entries.count == 10)
        #expect(!(ending.output + ending.error + text.output + text.error).contains("CANARY"))
        #expect(try program.folder.content() == ["keys.csv", "list.csv"])
      }
    }

    @Test("77 when every credential is refused")
    func refused() async throws {
      var program = program
      program.environment = ["JELOU_API_KEY": "CANARY-revoked-1"]
      try program.folder.write("list.csv", "project_id,credential\nalpha,\nclosed,closed\n")
      let log = SandboxLog()
      try await SandboxServer(behavior: Self.behavior, log: log).serving { [program] baseURL in
        let ending = try await program.run(
          ["plan", "list.csv", "--base-url", baseURL, "--credentials", "keys.csv", "--probe", "--json"])
        #expect(ending.status == 77)
        #expect(
          try probes(ending) == [
            "closed refused 3 unauthorized 403 http-403", "default refused 2 unauthorized 401 http-401",
          ])
        #expect(ending.error.contains("refused every credential") && !ending.error.contains("CANARY"))
        #expect(log.entries.count == 2)
      }
    }

    @Test("69 when not one HTTP answer came: no connection, and one that is reset, asked for once")
    func unreachable() async throws {
      let port = try Loopback.freePort()
      let arguments = ["plan", "list.csv", "--credentials", "keys.csv", "--probe", "--rate", "0"]
      let ending = try await program.run(arguments + ["--base-url", "http://127.0.0.1:\(port)/v1"])
      #expect(ending.status == 69)
      #expect(ending.error.contains("No HTTP response came from http://127.0.0.1:\(port)/v1."))
      #expect(ending.output.contains("  unknown           good: failed"))
      #expect(ending.output.contains("connection-refused"))
      #expect(ending.output.contains("300 ms per request (assumed)"))
      try await ScriptedServer.serving(.request, .reset) { server in
        let ending = try await program.run(arguments + ["--base-url", server.baseURL])
        #expect(ending.status == 69)
        #expect(server.record.requests.count == 5)
      }
      try await ScriptedServer.serving(.request, .stall) { server in
        let ending = try await program.run(arguments + ["--base-url", server.baseURL, "--timeout", "0.5"])
        #expect(ending.status == 69)
        #expect(ending.output.contains("timeout"))
        #expect(server.record.requests.count == 5)
      }
      #expect(try program.folder.content() == ["keys.csv", "list.csv"])
    }

    @Test("asks for nothing where there is nothing to ask with")
    func nothing() async throws {
      try program.folder.write("list.csv", "project_id,credential\nalpha,unknown\n")
      let log = SandboxLog()
      try await SandboxServer(log: log).serving { [program] baseURL in
        let ending = try await program.run(
          ["plan", "list.csv", "--base-url", baseURL, "--credentials", "keys.csv", "--probe", "--json"])
        #expect(ending.status == 0)
        #expect(try probes(ending).isEmpty)
        #expect(log.entries.isEmpty)
      }
    }

    @Test("of a run that goes on, asks for an open row of each credential that it still needs")
    func goingOn() async throws {
      let log = SandboxLog()
      try await SandboxServer(behavior: Self.behavior, log: log).serving { [program] baseURL in
        let arguments = ["list.csv", "--base-url", baseURL, "--credentials", "keys.csv", "--rate", "0"]
        _ = try await program.run(arguments + ["--max-attempts", "1"])
        let asked = log.entries.count
        let before = try program.folder.data("inventory/inventory.db")
        let ending = try await program.run(["plan", "--probe", "--retry-failed", "--json"] + arguments)
        #expect(
          try probes(ending).map { $0.split(separator: " ").prefix(3).joined(separator: " ") } == [
            "bad refused 6", "broken unknown 9", "closed refused 8",
          ])
        #expect(log.entries.count == asked + 3)
        #expect(try program.folder.data("inventory/inventory.db") == before)
      }
    }
  }
}
