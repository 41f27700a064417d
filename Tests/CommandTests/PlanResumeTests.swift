import Foundation
import SandboxGateway
import Testing

extension TheProgram {
  @Suite("plan of a run that goes on", .timeLimit(.minutes(3)))
  struct PlanResumeTests {
    private let program: Program
    private var inventory: Inventory { Inventory(in: program.folder) }

    init() throws {
      program = try Program()
    }

    /// What a plan says of the beginning, and how many requests it foretells.
    private func plan(_ arguments: [String], status: Int32 = 0) async throws -> (beginning: String, requests: Int?) {
      let ending = try await program.run(["plan", "--json"] + arguments)
      #expect(ending.status == status, "\(ending.error)")
      let json = try #require(try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any])
      let beginning = try #require(json["beginning"] as? [String: Any])
      #expect(beginning.keys.sorted() == ["kind", "left_behind", "open_rows", "run", "started_at"])
      let text = ["kind", "run", "open_rows"].map { key in (beginning[key] ?? "").map { "\($0)" } ?? "" }
      return (text.joined(separator: " "), (json["pace"] as? [String: Any])?["requests"] as? Int)
    }

    /// Name and content of everything in the output folder.
    private func state() throws -> [String: Data] {
      try program.folder.content("inventory").reduce(into: [:]) {
        $0[$1] = try program.folder.data("inventory/" + $1)
      }
    }

    @Test("a new one where there is no database, an empty one, or none that is unfinished")
    func new() async throws {
      try program.folder.writeList(["a", "b", "a"])
      let arguments = ["list.csv", "--sandbox"]
      for option in [[], ["--resume"]] {
        #expect(try await plan(arguments + option) == ("new <null> <null>", 2))
      }
      #expect(try program.folder.content() == ["list.csv"])
      try FileManager.default.createDirectory(
        atPath: program.folder.path + "/inventory", withIntermediateDirectories: true)
      try program.folder.write("inventory/inventory.db", "")
      #expect(try await plan(arguments + ["--resume"]) == ("new <null> <null>", 2))
      #expect(try program.folder.content("inventory") == ["inventory.db"])
      _ = try await program.run(arguments + ["--rate", "0", "--max-attempts", "1"])
      let before = try state()
      #expect(try await plan(arguments) == ("new <null> <null>", 2))
      let text = try await program.run(["plan", "--resume"] + arguments)
      #expect(text.output.contains("  start             a new run; there is no unfinished run\n"))
      #expect(try state() == before)
    }

    @Test("the unfinished one, ended in order or killed: the rows that it then asks for, and nothing is changed")
    func unfinished() async throws {
      try program.folder.writeList((1...60).map { "project-\($0)" } + ["project-1", "project-60", "project-59"])
      let log = SandboxLog()
      let behavior = SandboxBehavior(script: ["project-3": [.forbidden], "project-4": [.internalError]])
      try await SandboxServer(behavior: behavior, log: log).serving { [program] baseURL in
        let arguments = ["list.csv", "--base-url", baseURL, "--max-attempts", "1"]
        for signal in [SIGTERM, SIGKILL] {
          let asked = log.entries.count
          let running = try program.start(arguments + ["--rate", "20", "--resume"])
          try await wait { log.entries.count > asked + 8 }
          running.send(signal)
          #expect(try await running.ending.signal == signal)
          let before = try state()
          let open = try inventory.queryCopy(
            "SELECT count(*), count(DISTINCT project_id) FROM results WHERE outcome IS NULL OR error_code = 'interrupted'"
          )
          let parts = open[0].split(separator: "|").map { Int($0) }
          let forecast = try await plan(arguments + ["--resume"])
          #expect(forecast.beginning == "resume 1 \(parts[0] ?? 0)")
          #expect(forecast.requests == parts[1])
          let text = try await program.run(["plan", "--resume"] + arguments)
          #expect(text.output.contains("continuing run 1, started "))
          #expect(text.output.contains(": \(parts[0] ?? 0) of 63 rows are open"))
          // SQLite's index of the log is written whenever the log is read.
          let after = try state()
          #expect(after.keys.sorted() == before.keys.sorted())
          for (name, content) in before where !name.hasSuffix("-shm") { #expect(after[name] == content, "\(name)") }
        }
        // Another list or address can't be retried, and the plan says so in the run's own words.
        try program.folder.write("other.csv", "project_id\nproject-1\n")
        for change in [["other.csv", "--base-url", baseURL], ["list.csv", "--base-url", "http://127.0.0.1:1/v1"]] {
          let plan = try await program.run(["plan"] + change + ["--retry-failed"])
          let run = try await program.run(change + ["--retry-failed"])
          #expect(plan.status == 65 && run.status == 65)
          #expect(plan.error == run.error && plan.error.contains("run 1 can't be continued"))
        }
        let forecast = try await plan(arguments + ["--resume"])
        let asked = log.entries.count
        _ = try await program.run(arguments + ["--rate", "0", "--resume"])
        #expect(log.entries.count - asked == forecast.requests)
        #expect(try await plan(arguments + ["--resume"]).beginning == "new <null> <null>")
      }
    }

    @Test("--retry-failed: the rows without an answer, with the credentials that there are now")
    func retryFailed() async throws {
      try program.folder.write(
        "list.csv", "project_id,credential\ngood,\nflaky,\nforbidden,\nlater,nobody\n..,\nflaky,\nnever,unknown\n")
      let log = SandboxLog()
      let behavior = SandboxBehavior(script: [
        "good": [.flat], "flaky": [.internalError], "forbidden": [.forbidden], "later": [.flat],
      ])
      try await SandboxServer(behavior: behavior, log: log).serving { [program] baseURL in
        let arguments = ["list.csv", "--base-url", baseURL, "--rate", "0", "--max-attempts", "1"]
        let none = try await program.run(["plan", "--retry-failed"] + arguments)
        #expect(none.status == 64)
        #expect(none.error.contains("there is no run to retry; start one without --retry-failed"))
        _ = try await program.run(arguments)
        let before = try state()
        #expect(try await plan(arguments + ["--retry-failed"]) == ("retry-failed 1 3", 2))
        try program.folder.write("keys.csv", "name,api_key\nnobody,key-of-nobody\n")
        let retry = arguments + ["--retry-failed", "--credentials", "keys.csv"]
        #expect(try await plan(retry) == ("retry-failed 1 4", 3))
        #expect(try state() == before)
        let asked = log.entries.count
        _ = try await program.run(retry)
        #expect(log.entries.count == asked + 3)
      }
    }

    @Test("whatever the database is called", arguments: ["a b?c#d%20e&f=g", "ñandú/日本.db", "file:x"])
    func oddNames(name: String) async throws {
      try program.folder.writeList((1...60).map { "project-\($0)" })
      let arguments = ["list.csv", "--sandbox", "--max-attempts", "1", "--database", "./\(name)"]
      let running = try program.start(arguments + ["--rate", "20"])
      try await wait { program.folder.exists("\(name)-wal") }
      try await Task.sleep(for: .milliseconds(300))
      running.send(SIGTERM)
      #expect(try await running.ending.signal == SIGTERM)
      let before = try FileManager.default.subpathsOfDirectory(atPath: program.folder.path).sorted()
      #expect(try await plan(arguments + ["--resume"]).beginning.hasPrefix("resume 1 "))
      #expect(try FileManager.default.subpathsOfDirectory(atPath: program.folder.path).sorted() == before)
    }

    @Test("an older database is looked into as it is")
    func older() async throws {
      try program.folder.writeList(["a", "b"])
      _ = try await program.run(["list.csv", "--sandbox", "--rate", "0"])
      let downgrade = """
        DROP VIEW latest_changes; DROP VIEW latest; DROP VIEW latest_findings;
        ALTER TABLE runs DROP COLUMN outcomes; ALTER TABLE runs DROP COLUMN list_digest;
        ALTER TABLE results DROP COLUMN last_good_webhook_url; ALTER TABLE results DROP COLUMN last_good_at;
        ALTER TABLE results DROP COLUMN previous_run; ALTER TABLE results DROP COLUMN previous_line;
        UPDATE runs SET state = 'interrupted'; PRAGMA user_version = 1;
        """
      try #require(try Shell.run("/usr/bin/sqlite3", ["inventory/inventory.db", downgrade], in: program.folder) == 0)
      let before = try state()
      let plan = try await program.run(["plan", "list.csv", "--sandbox", "--resume"])
      #expect(plan.status == 0)
      #expect(plan.output.contains("starting a new run: run 1, started "))
      #expect(plan.output.contains("did not record its list"))
      #expect(try await program.run(["plan", "list.csv", "--sandbox", "--retry-failed"]).status == 65)
      #expect(try await program.run(["plan", "list.csv", "--sandbox"]).status == 0)
      #expect(try state() == before)
    }
  }
}
