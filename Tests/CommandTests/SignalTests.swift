import Foundation
import SandboxGateway
import TestSupport
import Testing

extension TheWaits {
  @Suite("A signal", .serialized, .timeLimit(.minutes(3)))
  struct SignalTests {
    private let program: Program

    init() throws {
      program = try Program()
      try program.folder.writeList((1...200).map { "project-\($0)" })
    }

    private func expectIntegrity() throws {
      #expect(try Inventory(in: program.folder).query("PRAGMA integrity_check") == ["ok"])
    }

    @Test(
      "ends the run in order: nothing new is asked, what is under way is kept, all is written",
      arguments: [SIGINT, SIGTERM])
    func first(signal: Int32) async throws {
      let log = SandboxLog()
      let script = Dictionary(uniqueKeysWithValues: (1...200).map { ("project-\($0)", [SandboxReply.flat]) })
      let server = SandboxServer(behavior: SandboxBehavior(latency: .milliseconds(600), script: script), log: log)
      try await server.serving { [program] baseURL in
        let arguments = ["list.csv", "--base-url", baseURL, "--rate", "20", "--concurrency", "16"]
        let running = try program.start(arguments)
        try await wait { log.entries.count >= 5 }
        running.send(signal)
        let ending = try await running.ending
        #expect(ending.signal == signal)
        #expect(ending.error.contains("notice: stopping"))
        #expect(ending.error.contains("Continue with the same command and --resume."))
        let inventory = Inventory(in: program.folder)
        try inventory.expectBalance(lines: Array(2...201))
        let records = try inventory.csv()
        // What had been sent was answered, and is in the reports.
        #expect(records.count { $0["outcome"] == "found" } == log.entries.count)
        #expect(log.entries.count > 5 && log.entries.count < 60)
        let open = records.filter { $0["outcome"] == "skipped" }
        #expect(open.count == 200 - log.entries.count)
        #expect(
          open.allSatisfy { $0["error_code"] == "interrupted" && $0["attempts"] == "0" && $0["fetched_at"] == "" })
        #expect(open.allSatisfy { $0["error_message"]?.isEmpty == false })
        #expect(try inventory.manifest()["state"] as? String == "interrupted")
        #expect(try inventory.query("SELECT state FROM runs") == ["interrupted"])
        #expect(try inventory.query("SELECT count(*) FROM latest") == ["0"])
        let asked = log.entries.count
        let resumed = try await program.run(["list.csv", "--base-url", baseURL, "--rate", "0", "--resume"])
        #expect(resumed.status == 0)
        #expect(log.entries.count == 200)
        #expect(
          Set(log.entries.dropFirst(asked).map(\.projectID)).isDisjoint(
            with: log.entries.prefix(asked).map(\.projectID)))
        try inventory.expectBalance(lines: Array(2...201))
        #expect(try inventory.manifest()["state"] as? String == "finished")
      }
    }

    @Test(
      "is told in JSON where JSON is logged, and not at all with -q", arguments: [["--log-format", "json"], ["-q"]])
    func told(arguments: [String]) async throws {
      let log = SandboxLog()
      try await SandboxServer(log: log).serving { [program] baseURL in
        let running = try program.start(["list.csv", "--base-url", baseURL, "--rate", "20"] + arguments)
        try await wait { log.entries.count >= 5 }
        running.send(SIGINT)
        let ending = try await running.ending
        #expect(ending.signal == SIGINT)
        let lines = ending.error.split(separator: "\n")
        #expect(lines.isEmpty == (arguments == ["-q"]))
        for line in lines { #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) is [String: Any]) }
      }
    }

    @Test("does not wait for a gateway that hangs: requests under way get five seconds")
    func hangingGateway() async throws {
      try await ScriptedServer.serving(.request, .stall) { server in
        let running = try program.start(["list.csv", "--base-url", server.baseURL, "--rate", "0"])
        try await wait { server.record.requests.count >= 8 }
        let begin = ContinuousClock.now
        running.send(SIGTERM)
        let ending = try await running.ending
        let time = ContinuousClock.now - begin
        #expect(time > .seconds(4) && time < .seconds(9))
        #expect(ending.signal == SIGTERM)
        #expect(server.record.requests.count == 8)
        let records = try Inventory(in: program.folder).csv()
        #expect(records.allSatisfy { $0["error_code"] == "interrupted" })
        #expect(records.count { $0["attempts"] == "1" } == 8)
      }
    }

    @Test("that comes twice ends it at once, and the ledger is whole", arguments: [SIGINT, SIGTERM])
    func second(signal: Int32) async throws {
      let log = SandboxLog()
      let server = SandboxServer(behavior: SandboxBehavior(latency: .milliseconds(100)), log: log)
      try await server.serving { [program] baseURL in
        let running = try program.start(["list.csv", "--base-url", baseURL, "--rate", "100", "--max-attempts", "1"])
        try await wait { log.entries.count > 60 }
        running.send(signal)
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...150)))
        running.send(signal)
        #expect(try await running.ending.signal == signal)
        try expectIntegrity()
        let ending = try await program.run([
          "list.csv", "--base-url", baseURL, "--rate", "0", "--max-attempts", "1", "--resume",
        ])
        #expect([0, 2].contains(ending.status))
        try Inventory(in: program.folder).expectBalance(lines: Array(2...201))
      }
    }

    @Test("that comes twice does not wait for a gateway that hangs")
    func secondWhileHanging() async throws {
      try await ScriptedServer.serving(.request, .stall) { server in
        let running = try program.start(["list.csv", "--base-url", server.baseURL, "--rate", "0"])
        try await wait { server.record.requests.count >= 8 }
        running.send(SIGINT)
        try await Task.sleep(for: .milliseconds(500))
        let begin = ContinuousClock.now
        running.send(SIGINT)
        #expect(try await running.ending.signal == SIGINT)
        #expect(ContinuousClock.now - begin < .seconds(2))
        try expectIntegrity()
        #expect(!program.folder.exists("inventory/manifest.json"))
        #expect(try Inventory(in: program.folder).query("SELECT state FROM runs") == ["running"])
      }
    }

    @Test(
      "while the list is still being read ends the process at once, and nothing is left behind",
      arguments: [SIGINT, SIGTERM])
    func whileReading(signal: Int32) async throws {
      for content in ["", "project_id\n" + String(repeating: "project-1\nproject-2\n", count: 5000)] {
        let pipe = Pipe()
        let running = try program.start(
          ["-", "--base-url", "http://127.0.0.1:1/v1", "-o", "out/deep"], standardInput: pipe.fileHandleForReading)
        if !content.isEmpty {
          try pipe.fileHandleForWriting.write(contentsOf: Data(content.utf8))
          try await wait { program.folder.exists("out/deep/inventory.db") }
        }
        try await Task.sleep(for: .milliseconds(600))
        let begin = ContinuousClock.now
        running.send(signal)
        #expect(try await running.ending.signal == signal)
        #expect(ContinuousClock.now - begin < .seconds(2))
        #expect(try program.folder.content() == ["list.csv"])
        try pipe.fileHandleForWriting.close()
      }
    }

    @Test("keeps an earlier run's database and reports when it comes while a later list is read")
    func whileReadingLater() async throws {
      _ = try await program.run(["list.csv", "--sandbox", "--rate", "0", "--max-attempts", "1"])
      let before = try Inventory(in: program.folder).rowsWithoutTimes()
      let pipe = Pipe()
      let running = try program.start(["-", "--sandbox"], standardInput: pipe.fileHandleForReading)
      try pipe.fileHandleForWriting.write(contentsOf: Data("project_id\nproject-1\n".utf8))
      try await Task.sleep(for: .milliseconds(600))
      running.send(SIGTERM)
      #expect(try await running.ending.signal == SIGTERM)
      let inventory = Inventory(in: program.folder)
      #expect(try inventory.rowsWithoutTimes() == before)
      #expect(try inventory.query("SELECT id, state FROM runs") == ["1|finished"])
    }

    @Test("from the keyboard leaves a clean terminal")
    func terminal() async throws {
      let screen = try TerminalScreen(session: "jelou-test-\(UUID().uuidString)", width: 100, in: program.folder)
      defer { screen.close() }
      try screen.type("\(try program.shellCommand()) list.csv --sandbox --rate 20 --max-attempts 1")
      try await wait { try screen.lines().contains { $0.hasPrefix("[") && $0.contains("/200 ") } }
      try screen.press("C-c")
      try await wait {
        try screen.lines().joined(separator: " ").contains("Continue with the same command and --resume.")
      }
      // What is typed before the shell is back may be lost with the signal.
      try await wait { try screen.lines().last?.first.map { "$#".contains($0) } == true }
      // The shell sees a command that SIGINT has ended.
      try screen.type("echo ended $?")
      try await wait { try screen.lines().contains("ended 130") }
      let lines = try screen.lines()
      #expect(!lines.contains { $0.contains("/200 ") }, "the progress line is still there")
      #expect(lines.contains { $0.contains("Continue with the same command and --resume.") })
    }
  }
}
