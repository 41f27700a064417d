import Foundation
import InventoryModel
import SandboxGateway
import TestSupport
import Testing
import TextFormats

extension TheWaits {
  /// Runs that end by themselves before every row is answered, and leave rows open.
  @Suite("A run that can't go on", .serialized, .timeLimit(.minutes(5)))
  struct StopReasonTests {
    private let program: Program

    init() throws {
      program = try Program()
    }

    private func writeList(_ count: Int) throws { try program.folder.writeList((1...count).map { "project-\($0)" }) }

    private static func away(_ status: Int = 429, _ wait: String = "40000") -> SandboxReply {
      .custom(status: status, headers: ["retry-after": wait], body: #"{"message":"Come back later."}"#)
    }

    /// Seconds from now until the run may be resumed, as the manifest has it; nil where it has no time.
    private func secondsUntilResumption() throws -> Double? {
      guard let text = try Inventory(in: program.folder).manifest()["resume_after"] as? String else { return nil }
      let time = try #require(Timestamp(rfc3339: text))
      return Double(time.milliseconds) / 1000 - Date().timeIntervalSince1970
    }

    @Test(
      "stops within seconds when the gateway sends everybody away for hours, says until when, and is resumed then",
      arguments: [(429, 3000), (503, 3000), (429, 3)])
    func sentAway(status: Int, count: Int) async throws {
      try writeList(count)
      let log = SandboxLog()
      let port = try Loopback.freePort()
      let baseURL = "http://127.0.0.1:\(port)/jelouapi/v1"
      let arguments = ["list.csv", "--base-url", baseURL]
      let away = SandboxServer(behavior: SandboxBehavior(others: Self.away(status)), port: port, log: log)
      let begin = ContinuousClock.now
      let ending = try await away.serving { _ in
        try await program.run(arguments + ["--log-format", "json"])
      }
      #expect(ContinuousClock.now - begin < .seconds(40))
      #expect(ending.status == 2, "\(ending.error)")
      #expect(log.entries.count <= min(count, 25))
      let inventory = Inventory(in: program.folder)
      try inventory.expectBalance(lines: Array(2..<count + 2))
      let records = try inventory.csv()
      #expect(records.allSatisfy { $0["outcome"] == "skipped" && $0["error_code"] == "gateway-unreachable" })
      #expect(records.allSatisfy { $0["error_message"]?.contains("asks all requests to wait until 20") == true })
      #expect(records.count { $0["attempts"] == "1" } == log.entries.count)
      #expect(try inventory.manifest()["state"] as? String == "stopped")
      #expect(abs(try #require(try secondsUntilResumption()) - 40_000) < 60)
      let text = try #require(try inventory.manifest()["resume_after"] as? String)
      #expect(try inventory.query("SELECT state, resume_after FROM runs") == ["stopped|\(text)"])
      // For programs and for people; and the reports say it again when they are written again.
      let finished = try #require(ending.error.split(separator: "\n").last { $0.contains(#""resume_after""#) })
      #expect(finished.contains(text))
      _ = try await program.run(["report"])
      #expect(try inventory.manifest()["resume_after"] as? String == text)
      let planned = try await program.run(["plan"] + arguments + ["--resume"])
      #expect(planned.output.contains("the gateway asked to wait until \(text)"))
      // Before the time, too: the gateway is asked, and has the last word.
      let asked = log.entries.count
      let again = try await away.serving { _ in try await program.run(arguments + ["--resume"]) }
      #expect(again.status == 2)
      #expect(log.entries.count > asked && log.entries.count - asked <= 25)
      #expect(again.error.contains("because the gateway asks all requests to wait until 20"))
      #expect(again.error.contains("local time, in 11 h "))
      #expect(again.error.contains("rows are open. Continue after that time with the same command and --resume."))
      let back = SandboxServer(behavior: SandboxBehavior(others: .flat), port: port)
      let resumed = try await back.serving { _ in try await program.run(arguments + ["--rate", "0", "--resume"]) }
      #expect(resumed.status == 0, "\(resumed.error)")
      try inventory.expectBalance(lines: Array(2..<count + 2))
      #expect(try inventory.manifest()["state"] as? String == "finished")
      #expect(try inventory.manifest()["resume_after"] is NSNull)
      #expect(try inventory.query("SELECT id, state, resume_after FROM runs") == ["1|finished|"])
    }

    @Test("fails a row that is sent away alone, and goes on; the run is finished", arguments: [429, 503])
    func alone(status: Int) async throws {
      try writeList(300)
      let script = Dictionary(
        uniqueKeysWithValues: stride(from: 50, through: 250, by: 100).map { ("project-\($0)", [Self.away(status)]) })
      let server = SandboxServer(behavior: SandboxBehavior(script: script, others: .flat))
      let ending = try await server.serving { baseURL in
        try await program.run(["list.csv", "--base-url", baseURL, "--rate", "100"])
      }
      #expect(ending.status == 2)
      let inventory = Inventory(in: program.folder)
      let failed = try inventory.csv().filter { $0["outcome"] != "found" }
      #expect(failed.map { $0["project_id"] } == ["project-50", "project-150", "project-250"])
      #expect(failed.allSatisfy { $0["error_code"] == "retry-after-too-long" && $0["http_status"] == "\(status)" })
      #expect(failed.allSatisfy { $0["error_message"]?.contains("40000 s") == true })
      #expect(try inventory.manifest()["state"] as? String == "finished")
      #expect(try inventory.manifest()["resume_after"] is NSNull)
    }

    @Test("works off the other credentials with --rate-scope credential before it stops")
    func credentials() async throws {
      try program.folder.write(
        "list.csv",
        "project_id,credential\n"
          + (1...120).map { "project-\($0),\($0 % 2 == 0 ? "good" : "spent")\n" }.joined())
      try program.folder.write("keys.csv", "name,api_key\ngood,key-that-works\nspent,key-that-is-spent\n")
      try await NginxServer.serving(
        http: "map $http_x_api_key $spent { default 0; key-that-is-spent 1; }",
        server: """
          location / {
            if ($spent) { return 429; }
            return 200 '{"webhookUrl":"https://hooks.acme.example/jelou"}';
          }
          add_header Retry-After 40000 always;
          """
      ) { server in
        let ending = try await program.run([
          "list.csv", "--base-url", server.baseURL, "--rate", "20", "--rate-scope", "credential", "--credentials",
          "keys.csv",
        ])
        #expect(ending.status == 2, "\(ending.error)")
        #expect(try server.accesses().count { $0.apiKey == "key-that-is-spent" } <= 20)
        let inventory = Inventory(in: program.folder)
        try inventory.expectBalance(lines: Array(2...121))
        let records = try inventory.csv()
        #expect(records.filter { $0["credential"] == "good" }.allSatisfy { $0["outcome"] == "found" })
        #expect(
          records.filter { $0["credential"] == "spent" }.allSatisfy {
            $0["outcome"] == "skipped" && $0["error_code"] == "gateway-unreachable"
          })
        #expect(try inventory.manifest()["state"] as? String == "stopped")
        #expect(try secondsUntilResumption() != nil)
      }
    }

    @Test("ends at once when what is left has to wait until after --max-duration; resumed, it is as if undisturbed")
    func nothingDue() async throws {
      try writeList(30)
      func behavior() -> SandboxBehavior {
        var script: [String: [SandboxReply]] = [:]
        for number in [4, 11, 30] { script["project-\(number)"] = [Self.away(503, "8"), .flat] }
        script["project-7"] = [.notFound]
        return SandboxBehavior(script: script, others: .flat)
      }
      let arguments = ["--rate", "50"]
      let other = try Program()
      try other.folder.write("list.csv", try program.folder.data("list.csv"))
      let port = try Loopback.freePort()
      let baseURL = "http://127.0.0.1:\(port)/jelouapi/v1"
      let undisturbed = try await SandboxServer(behavior: behavior(), port: port).serving { _ in
        try await other.run(["list.csv", "--base-url", baseURL] + arguments)
      }
      #expect(undisturbed.status == 0)
      let inventory = Inventory(in: program.folder)
      let log = SandboxLog()
      try await SandboxServer(behavior: behavior(), port: port, log: log).serving { _ in
        let begin = ContinuousClock.now
        let ending = try await program.run(
          ["list.csv", "--base-url", baseURL, "--max-duration", "7"] + arguments)
        #expect(ContinuousClock.now - begin < .seconds(6))
        #expect(ending.status == 2, "\(ending.error)")
        #expect(ending.error.contains("which is after the run's time limit (--max-duration): 3 rows are open."))
        let open = try inventory.csv().filter { $0["outcome"] == "skipped" }
        #expect(open.map { $0["project_id"] } == ["project-4", "project-11", "project-30"])
        #expect(open.allSatisfy { $0["error_code"] == "out-of-time" && $0["attempts"] == "1" })
        #expect(try inventory.manifest()["state"] as? String == "stopped")
        let wait = try #require(try secondsUntilResumption())
        #expect(wait > 0 && wait < 9)
        let resumed = try await program.run(["list.csv", "--base-url", baseURL, "--resume"] + arguments)
        #expect(resumed.status == 0)
      }
      #expect(log.entries.count == 33)
      #expect(try inventory.rowsWithoutTimes() == Inventory(in: other.folder).rowsWithoutTimes())
      #expect(try inventory.csv().filter { $0["attempts"] == "2" }.count == 3)
    }

    @Test(
      "says why in every place, and always alike",
      arguments: [
        (["--max-duration", "1"], "out-of-time", "The run reached its time limit (--max-duration): ", "", false),
        (["--max-duration", "5"], "out-of-time", "The gateway asks to wait until ", "200", true),
        (
          [], "gateway-unreachable", "The run stopped because the gateway asks all requests to wait until ", "40000",
          true
        ),
      ])
    func reasons(
      arguments: [String], code: String, sentence: String, retryAfter: String, isResumedLater: Bool
    ) async throws {
      try writeList(20)
      let reply = retryAfter.isEmpty ? SandboxReply.flat : Self.away(503, retryAfter)
      let server = SandboxServer(behavior: SandboxBehavior(latency: .milliseconds(200), others: reply))
      let ending = try await server.serving { baseURL in
        try await program.run(["list.csv", "--base-url", baseURL] + arguments)
      }
      #expect(ending.status == 2)
      #expect(ending.error.contains(sentence), "\(ending.error)")
      #expect(ending.error.contains("rows are open. Continue\(isResumedLater ? " after that time" : "") with the same"))
      #expect(ending.error.contains(" \(code) "))
      let inventory = Inventory(in: program.folder)
      try inventory.expectBalance(lines: Array(2...21))
      let open = try inventory.csv().filter { $0["outcome"] == "skipped" }
      #expect(!open.isEmpty)
      #expect(open.allSatisfy { $0["error_code"] == code && $0["error_message"]?.isEmpty == false })
      #expect(try inventory.csv().allSatisfy { ["skipped", "found"].contains($0["outcome"]) })
      #expect(try inventory.manifest()["state"] as? String == "stopped")
      #expect(try (secondsUntilResumption() != nil) == isResumedLater)
      #expect(
        try inventory.query("SELECT state, resume_after IS NOT NULL FROM runs") == [
          "stopped|\(isResumedLater ? 1 : 0)"
        ])
    }

    @Test("writes its reports after a signal, too, when a page of rows takes longer to read than requests may take")
    func slowPage() async throws {
      // Long rows, so that the second page is many reads of the database.
      let note = String(repeating: "x", count: 1500)
      try program.folder.write("list.csv", "project_id,note\n" + (1...400).map { "project-\($0),\(note)\n" }.joined())
      let database = program.folder.path + "/inventory/inventory.db"
      var program = program
      program.wrapper = [
        "/usr/bin/strace", "-f", "-qq", "-o", "/dev/null", "-P", database, "-P", database + "-wal", "-e",
        "inject=pread64:delay_enter=120000",
      ]
      let log = SandboxLog()
      let server = SandboxServer(behavior: SandboxBehavior(others: .flat), log: log)
      try await server.serving { [program] baseURL in
        let running = try program.start(
          ["list.csv", "--base-url", baseURL, "--rate", "20"], limit: .seconds(150))
        try await wait(for: { log.entries.count >= 10 }, limit: .seconds(60))
        // The tracer itself ignores signals.
        let children = try String(contentsOfFile: "/proc/\(running.id)/task/\(running.id)/children", encoding: .utf8)
        kill(try #require(children.split(separator: " ").first.flatMap { Int32($0) }), SIGTERM)
        let ending = try await running.ending
        #expect(ending.signal == SIGTERM)
        #expect(!ending.error.contains("Cancellation") && !ending.error.contains("error:"), "\(ending.error)")
      }
      let inventory = Inventory(in: program.folder)
      try inventory.expectBalance(lines: Array(2...401))
      #expect(try inventory.csv().count { $0["outcome"] == "found" } == log.entries.count)
      #expect(try inventory.manifest()["state"] as? String == "interrupted")
    }

    @Test("asks again what is plainly transient, and not before it was meant to", arguments: [408, 425, 499, 507, 529])
    func transient(status: Int) async throws {
      let values: [String: String?] = [
        "none": nil, "decimal": "1.5", "unit": "2 seconds", "quoted": "\"2\"", "plus": "+2", "permanent": nil,
      ]
      try program.folder.writeList(values.keys.sorted())
      var script = values.mapValues { value in
        [
          SandboxReply.custom(status: status, headers: value.map { ["retry-after": $0] } ?? [:], body: "{}"), .flat,
        ]
      }
      script["permanent"] = [.custom(status: 501), .flat]
      let log = SandboxLog()
      let ending = try await SandboxServer(behavior: SandboxBehavior(script: script), log: log).serving { baseURL in
        try await program.run(["list.csv", "--base-url", baseURL, "--rate", "100"])
      }
      #expect(ending.status == 2)
      let records = Dictionary(
        uniqueKeysWithValues: try Inventory(in: program.folder).csv().map { ($0["project_id"] ?? "", $0) })
      for name in values.keys where name != "permanent" { #expect(records[name]?["outcome"] == "found", "\(name)") }
      #expect(records["permanent"]?["error_code"] == "http-501")
      for (name, seconds) in [("decimal", 1.5), ("unit", 2), ("quoted", 2), ("plus", 2)] {
        let times = log.entries.filter { $0.projectID == name }.map(\.time)
        #expect(times.count == 2)
        #expect(try #require(times.last) - #require(times.first) >= .seconds(seconds), "\(name)")
      }
    }
  }
}
