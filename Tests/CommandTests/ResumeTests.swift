import Foundation
import TestSupport
import Testing

@testable import SandboxGateway

extension TheProgram {
  @Suite("An interrupted run", .timeLimit(.minutes(5)))
  struct ResumeTests {
    private let program: Program

    init() throws {
      program = try Program()
    }

    private func ids(_ count: Int) -> [String] { (1...count).map { "project-\($0)" } }

    /// What a run that nobody disturbs finds out of the same gateway.
    private func undisturbed(_ behavior: SandboxBehavior, _ arguments: [String]) async throws -> [String] {
      let other = try Program()
      try other.folder.write("list.csv", try program.folder.data("list.csv"))
      _ = try await SandboxServer(behavior: behavior).serving { baseURL in
        try await other.run(["list.csv", "--base-url", baseURL] + arguments)
      }
      return try Inventory(in: other.folder).rowsWithoutTimes()
    }

    @Test("killed at 25 random points and resumed each time asks for nothing twice, and reports as if nothing had been")
    func killed() async throws {
      let arguments = ["--rate", "0", "--max-attempts", "2", "--resume"]
      let behavior = SandboxBehavior(latency: .milliseconds(30))
      // Without those that slow a run down: this is about time enough to kill it.
      let projects = ids(3000).filter { behavior.reply(to: $0, request: 0) != .tooManyRequests(retryAfter: 1) }
      try program.folder.writeList(projects + projects.prefix(20))
      let expected = try await undisturbed(behavior, arguments)
      let log = SandboxLog()
      let inventory = Inventory(in: program.folder)
      let seed = UInt64.random(in: 0...UInt64.max)
      var random = SplitMix(state: seed)
      // Once when the list is in for sure, however slow the machine.
      let kills: [Int] = (0..<25).map { $0 == 12 ? 2500 : Int.random(in: 60...650, using: &random) }
      let server = SandboxServer(behavior: behavior, log: log)
      let ending = try await server.serving { [program] baseURL in
        var committed: Set<String> = []
        for delay in kills {
          let asked = log.entries.count
          let running = try program.start(["list.csv", "--base-url", baseURL] + arguments)
          try await Task.sleep(for: .milliseconds(delay))
          running.send(SIGKILL)
          let killed = ContinuousClock.now
          #expect(try await running.ending.signal == SIGKILL, "seed \(seed)")
          for entry in log.entries.dropFirst(asked) {
            #expect(!committed.contains(entry.projectID ?? ""), "asked again, seed \(seed)")
          }
          guard program.folder.exists("inventory/inventory.db") else { continue }
          #expect(try inventory.query("PRAGMA integrity_check") == ["ok"])
          // Killed before the schema was there, or the list: then nothing was asked either.
          let tables = try inventory.query("SELECT name FROM sqlite_schema WHERE name = 'results'")
          guard tables == ["results"] else {
            #expect(log.entries.count == asked && committed.isEmpty, "seed \(seed)")
            continue
          }
          committed = Set(
            try inventory.query("SELECT DISTINCT project_id FROM results WHERE outcome IS NOT NULL"))
          // An answer is lost only when it came within a commit interval (200 ms; the rest is this test's slack).
          let inTime = log.entries.dropFirst(asked).filter { $0.time < killed - .milliseconds(700) }
          let lost = inTime.filter { [200, 404].contains($0.status) && !committed.contains($0.projectID ?? "") }
          #expect(lost.isEmpty, "seed \(seed)")
          #expect(!program.folder.exists("inventory/manifest.json"))
        }
        let asked = log.entries.count
        let ending = try await program.run(["list.csv", "--base-url", baseURL] + arguments)
        for entry in log.entries.dropFirst(asked) { #expect(!committed.contains(entry.projectID ?? "")) }
        return ending
      }
      #expect(ending.status == 2)
      #expect(ending.error.contains("continuing run 1"))
      #expect(
        try program.folder.content("inventory") == [
          "inventory.csv", "inventory.db", "inventory.html", "inventory.jsonl", "manifest.json",
        ])
      #expect(try inventory.query("SELECT id, state FROM runs") == ["1|finished"])
      #expect(try inventory.rowsWithoutTimes() == expected)
      try inventory.expectBalance(lines: Array(2..<projects.count + 22))
    }

    @Test("asks for nothing more when it was killed while it wrote its reports, and writes them")
    func killedWhileReporting() async throws {
      try program.folder.writeList(ids(30))
      let log = SandboxLog()
      try await SandboxServer(log: log).serving { [program] baseURL in
        let arguments = ["list.csv", "--base-url", baseURL, "--rate", "0", "--max-attempts", "1"]
        _ = try await program.run(arguments)
        let inventory = Inventory(in: program.folder)
        let before = try inventory.rowsWithoutTimes()
        // As the ledger stands between the last answer and the manifest.
        let database = try Shell.run(
          "/usr/bin/sqlite3", ["inventory/inventory.db", "UPDATE runs SET state = 'running'"], in: program.folder)
        #expect(database == 0)
        for file in ["inventory.csv", "manifest.json"] {
          try FileManager.default.removeItem(atPath: program.folder.path + "/inventory/" + file)
        }
        try program.folder.write("inventory/.inventory.csv.partial", "half a rep")
        let asked = log.entries.count
        let finished = try inventory.query("SELECT finished_at FROM runs")
        _ = try await program.run(arguments + ["--resume"])
        #expect(log.entries.count == asked)
        #expect(try inventory.rowsWithoutTimes() == before)
        #expect(try inventory.query("SELECT state, finished_at FROM runs") == ["finished|\(finished[0])"])
        #expect(!program.folder.exists("inventory/.inventory.csv.partial"))
      }
    }

    @Test("without an unfinished run, --resume begins a new one; a finished one is not gone on with")
    func nothingToResume() async throws {
      try program.folder.writeList(ids(3))
      for _ in 0..<2 {
        let ending = try await program.run(["list.csv", "--sandbox", "--rate", "0", "--max-attempts", "1", "--resume"])
        #expect([0, 2].contains(ending.status))
      }
      #expect(try Inventory(in: program.folder).query("SELECT id, state FROM runs") == ["1|finished", "2|finished"])
    }

    @Test("is not retried when the list or the base URL is another: a sentence, 65, and nothing is changed")
    func unfit() async throws {
      try program.folder.writeList(ids(40))
      let log = SandboxLog()
      try await SandboxServer(log: log).serving { [program] baseURL in
        let arguments = ["list.csv", "--base-url", baseURL, "--rate", "20", "--max-attempts", "1"]
        let running = try program.start(arguments)
        try await wait { log.entries.count > 5 }
        running.send(SIGTERM)
        #expect(try await running.ending.signal == SIGTERM)
        let asked = log.entries.count
        let inventory = Inventory(in: program.folder)
        let before = try inventory.query("SELECT * FROM results") + inventory.query("SELECT * FROM runs")
        let list = try program.folder.data("list.csv")
        let changed: [(String, String)] = [
          ("project_id\n" + ids(39).joined(separator: "\n"), "its list had 40 rows, but list.csv has 39"),
          ("project_id\n" + (ids(39) + ["project-x"]).joined(separator: "\n"), "its list had different content"),
          ("project_id,team\n" + ids(40).map { $0 + ",a" }.joined(separator: "\n"), "its list had different content"),
        ]
        for (content, sentence) in changed {
          try program.folder.write("list.csv", content)
          for command in [["run"], ["plan"]] {
            let ending = try await program.run(command + arguments + ["--retry-failed"])
            #expect(ending.status == 65)
            #expect(ending.error.contains("run 1 can't be continued"))
            #expect(ending.error.contains(sentence), "\(ending.error)")
            #expect(ending.error.contains("--retry-failed"))
          }
        }
        try program.folder.write("list.csv", list)
        let other = try await program.run(["list.csv", "--base-url", "http://127.0.0.1:1/other", "--retry-failed"])
        #expect(other.status == 65)
        #expect(other.error.contains("http://127.0.0.1:1/other"))
        #expect(log.entries.count == asked)
        #expect(try inventory.query("SELECT * FROM results") + inventory.query("SELECT * FROM runs") == before)
        // The same rows under another name are the same list; rate, concurrency and formats may be others.
        try program.folder.write("copy.csv", list)
        let ending = try await program.run(
          ["copy.csv", "--base-url", baseURL, "--resume", "--rate", "0", "--concurrency", "2", "--max-attempts", "1"])
        #expect([0, 2].contains(ending.status))
        try inventory.expectBalance(lines: Array(2...41))
      }
    }

    @Test("--retry-failed asks again for the rows without an answer, and for no other")
    func retryFailed() async throws {
      try program.folder.write(
        "list.csv", "project_id,credential\ngood,\nflaky,\nforbidden,\npage,\nlater,nobody\n..,\nflaky,\ngone,\n")
      let log = SandboxLog()
      let broken: [SandboxReply] = [.internalError, .flat]
      let behavior = SandboxBehavior(script: [
        "good": [.flat], "flaky": broken, "forbidden": [.forbidden, .enveloped], "page": [.htmlPage, .notFound],
        "later": [.flat], "gone": [.notFound],
      ])
      try await SandboxServer(behavior: behavior, log: log).serving { [program] baseURL in
        let arguments = ["list.csv", "--base-url", baseURL, "--rate", "0", "--max-attempts", "1"]
        #expect(try await program.run(arguments).status == 2)
        let inventory = Inventory(in: program.folder)
        #expect(
          try inventory.csv().map { $0["outcome"] } == [
            "found", "failed", "unauthorized", "invalid_response", "skipped", "invalid_id", "failed", "not_found",
          ])
        #expect(log.entries.count == 5)
        try program.folder.write("keys.csv", "name,api_key\nnobody,key-of-nobody\n")
        let ending = try await program.run(arguments + ["--retry-failed", "--credentials", "keys.csv"])
        #expect(ending.status == 2)
        #expect(log.entries.dropFirst(5).compactMap(\.projectID).sorted() == ["flaky", "forbidden", "later", "page"])
        #expect(
          try inventory.csv().map { $0["outcome"] } == [
            "found", "found", "found", "not_found", "found", "invalid_id", "found", "not_found",
          ])
        #expect(try inventory.csv().map { $0["attempts"] } == ["1", "2", "2", "2", "1", "0", "2", "1"])
        try inventory.expectBalance(lines: Array(2...9))
        // Nothing is left to ask for: nothing is sent, the reports come again, and the code is the run's.
        try FileManager.default.removeItem(atPath: program.folder.path + "/inventory/inventory.csv")
        let again = try await program.run(arguments + ["--retry-failed"])
        #expect(again.status == 2)
        #expect(log.entries.count == 9)
        try inventory.expectBalance(lines: Array(2...9))
        #expect(try inventory.query("SELECT id, state FROM runs") == ["1|finished"])
      }
    }

    @Test("--retry-failed without any run is wrong usage, and leaves nothing behind")
    func noRun() async throws {
      try program.folder.writeList(ids(1))
      let ending = try await program.run(["list.csv", "--sandbox", "--retry-failed"])
      #expect(ending.status == 64)
      #expect(ending.error.contains("there is no run to retry; start one without --retry-failed"))
      #expect(try program.folder.content() == ["list.csv"])
      #expect(try await program.run(["list.csv", "--sandbox", "--retry-failed", "--resume"]).status == 64)
    }
  }
}
