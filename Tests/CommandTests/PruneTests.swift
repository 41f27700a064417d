import Foundation
import SandboxGateway
import Testing

extension TheDatabase {
  @Suite("Deleting runs", .timeLimit(.minutes(3)))
  struct PruneTests {
    private let program: Program
    private var inventory: Inventory { Inventory(in: program.folder) }

    init() throws {
      program = try Program()
    }

    private static func at(_ url: String) -> SandboxReply {
      .custom(status: 200, body: #"{"id": "int", "webhookUrl": "\#(url)"}"#)
    }

    /// A run over a list of these projects, each answered as told, and over many more that never change.
    private func run(_ projects: [(id: String, reply: SandboxReply)], others: Int = 0) async throws {
      let all = projects + (0..<others).map { ("other-\($0)", Self.at("https://other/\($0)")) }
      try program.folder.writeList(all.map(\.id))
      let script = Dictionary(uniqueKeysWithValues: all.map { ($0.id, [$0.reply]) })
      let ending = try await SandboxServer(behavior: SandboxBehavior(script: script)).serving {
        [program] baseURL in
        try await program.run([
          "list.csv", "--base-url", baseURL, "--rate", "0", "--max-attempts", "1", "--concurrency", "32",
        ])
      }
      #expect([0, 2].contains(ending.status), "\(ending.error)")
    }

    /// Five runs; `fails` has its only answer in the first, `dropped` is in the list until the third.
    private func fiveRuns(others: Int = 0) async throws {
      for number in 1...5 {
        var projects = [
          ("fails", number == 1 ? Self.at("https://fails/") : .internalError),
          ("moves", Self.at("https://moves/\(number / 2)")), ("comes", number < 4 ? .notFound : Self.at("https://c/")),
        ]
        if number <= 3 { projects.append(("dropped", number == 3 ? .forbidden : Self.at("https://dropped/"))) }
        if number <= 2 { projects.append(("forgotten", Self.at("https://forgotten/"))) }
        try await run(projects, others: others)
      }
    }

    private func prune(_ arguments: [String], wrapper: [String] = []) async throws -> Program.Ending {
      var program = program
      program.wrapper = wrapper
      return try await program.run(["runs"] + arguments)
    }

    private func listed() async throws -> [String] {
      try await program.run(["runs", "--format", "csv"]).output.split(separator: "\r\n").dropFirst()
        .map { String($0.prefix { $0 != "," }) }
    }

    /// The reports of a run and its changes, byte for byte.
    private func told(ofRuns runs: ClosedRange<Int>) async throws -> [String: Data] {
      var told: [String: Data] = [:]
      for run in runs {
        let ending = try await program.run([
          "report", "--run", "\(run)", "-o", "told", "--database", "inventory/inventory.db", "--format",
          "csv,jsonl,html,xlsx",
        ])
        #expect(ending.status == 0, "\(ending.error)")
        for name in try program.folder.content("told") {
          told["\(run) \(name)"] = try program.folder.data("told/\(name)")
        }
        if run > runs.lowerBound {
          let changes = try await program.run([
            "changes", "--from", "\(run - 1)", "--to", "\(run)", "--all", "--format", "csv",
          ])
          told["\(run) changes"] = Data(changes.output.utf8)
        }
      }
      told["changes"] = Data(try await program.run(["changes", "--all", "--format", "jsonl"]).output.utf8)
      told["views"] = Data(
        try ["latest", "latest_changes"].flatMap { try inventory.query("SELECT * FROM \($0)") }.joined().utf8)
      return told
    }

    @Test("leaves the reports of every run that stays as they are, and later changes too; deleted ones are gone")
    func reports() async throws {
      try await fiveRuns()
      let before = try await told(ofRuns: 4...5)
      let ending = try await prune(["--keep", "2"])
      #expect(ending.status == 0 && ending.output.isEmpty)
      #expect(ending.error.contains("deleted: runs 1, 2, 3"), "\(ending.error)")
      #expect(ending.error.contains("freed: "))
      #expect(try await told(ofRuns: 4...5) == before)
      #expect(try await listed() == ["4", "5"])
      #expect(try program.folder.content("inventory").filter { $0.hasPrefix("inventory.db") } == ["inventory.db"])
      for (arguments, status, text) in [
        (["report", "--run", "2"], 64, "run 2 was deleted on"),
        (["changes", "--from", "3"], 64, "run 3 was deleted on"),
        (["changes", "--to", "4"], 64, "run 3 was deleted on"),
        (["runs", "--delete", "3"], 64, "run 3 is already deleted"),
      ] as [([String], Int32, String)] {
        let refused = try await program.run(arguments)
        #expect(refused.status == status && refused.error.contains(text), "\(arguments): \(refused.error)")
      }
      // The only answer for `fails` was the first run's; `forgotten` is in no list that is left.
      try await run([
        ("fails", .internalError), ("moves", Self.at("https://moves/2")), ("comes", .notFound),
        ("dropped", Self.at("https://elsewhere/")), ("forgotten", Self.at("https://forgotten/")),
      ])
      #expect(try inventory.csv().map { $0["change"] } == ["unknown", "unchanged", "gone", "changed", "new"])
      #expect(try inventory.csv()[3]["changed_fields"] == "webhook_url")
      #expect(
        try inventory.query("SELECT last_good_webhook_url FROM results WHERE run_id = 6 AND project_id = 'fails'")
          == ["https://fails/"])
      #expect(try inventory.query("PRAGMA integrity_check") == ["ok"])
    }

    @Test("makes the file smaller; a dry run says the same, and does nothing")
    func space() async throws {
      try await fiveRuns(others: 2000)
      let whole = try inventory.content()
      let dry = try await prune(["--keep", "1", "--dry-run"])
      #expect(dry.status == 0)
      #expect(dry.error.contains("to be deleted: runs 1, 2, 3, 4"))
      #expect(try inventory.content() == whole)
      let before = try program.folder.data("inventory/inventory.db")
      let ending = try await prune(["--keep", "1"])
      let after = try program.folder.data("inventory/inventory.db")
      // Of five runs that are nearly the same, one and little more is left.
      #expect(after.count < before.count * 2 / 5)
      #expect(
        ending.error.contains("freed: \(before.count - after.count) bytes; the database has \(after.count) bytes"))
      #expect(dry.error.contains("the database would have \(after.count)"))
      #expect(
        try inventory.query("SELECT count(*) FROM results WHERE run_id < 5 AND project_id LIKE 'other%'") == ["0"])
      let quiet = try await prune(["--keep", "1", "-q"])
      #expect(quiet.status == 0 && quiet.error.isEmpty)
    }

    @Test("is refused for a run that later ones start from, with the reason, and for all others with it")
    func refusals() async throws {
      try await fiveRuns()
      let before = try inventory.content()
      for (arguments, status, text) in [
        (["--delete", "1,5"], 64, "run 5 can't be deleted: it is the newest run"),
        (["--delete", "9"], 64, "there is no run 9"),
        (["--delete", "1,x"], 64, "--delete"), (["--delete", ""], 64, "--delete"), (["--keep", "0"], 64, "--keep"),
        (["--keep", "1", "--delete", "1"], 64, "--delete and --keep can't be combined"),
        (["--dry-run"], 64, "--dry-run"),
        (["--keep", "9"], 0, "there are no runs to delete"), (["--keep", "1", "--database", "none.db"], 66, "none.db"),
      ] as [([String], Int32, String)] {
        let ending = try await prune(arguments)
        #expect(ending.status == status && ending.error.contains(text), "\(arguments): \(ending.error)")
      }
      #expect(try inventory.content() == before)
      // The fourth was interrupted, the third was killed: both are older than the fifth, and can't be resumed. Only when
      // the fifth is unfinished, --resume would continue it.
      _ = try Shell.run(
        "/usr/bin/sqlite3",
        [
          "inventory/inventory.db",
          "UPDATE runs SET state = 'interrupted' WHERE id IN (4, 5); UPDATE runs SET state = 'running', finished_at = NULL WHERE id = 3",
        ], in: program.folder)
      let resumable = try await prune(["--delete", "5"])
      #expect(
        resumable.status == 64 && resumable.error.contains("run 5 can't be deleted: it has open rows or no reports"))
      let kept = try await prune(["--delete", "3,4"])
      #expect(kept.status == 0 && kept.error.contains("deleted: runs 3, 4"))
      #expect(try await listed() == ["1", "2", "5"])
    }

    @Test("waits for nobody: 75 while a run is at work there")
    func held() async throws {
      try await fiveRuns()
      let running = try program.start(["list.csv", "--sandbox", "--rate", "1"])
      try await wait { program.folder.exists("inventory/inventory.db-lock") }
      let ending = try await prune(["--keep", "1"])
      #expect(ending.status == 75 && ending.error.contains("process \(running.id)"), "\(ending.error)")
      running.send(SIGTERM)
      _ = try await running.ending
      #expect(try await listed().count >= 5)
    }

    @Test(
      "killed at any moment, leaves the database as it was or as it was to be, and nothing beside it after the next")
    func killed() async throws {
      try await fiveRuns(others: 1500)
      let told = try await told(ofRuns: 5...5)
      let whole = try program.folder.data("inventory/inventory.db")
      let clock = ContinuousClock()
      let length = try await clock.measure { _ = try await prune(["--keep", "1"]) }
      let small = try await listed()
      var states: Set<[String]> = []
      for step in 0..<12 {
        for suffix in ["-wal", "-shm"] {
          try? FileManager.default.removeItem(atPath: program.folder.path + "/inventory/inventory.db" + suffix)
        }
        try program.folder.write("inventory/inventory.db", whole)
        let running = try program.start(["runs", "--keep", "1"])
        try await Task.sleep(for: length * (0.1 + Double(step) / 12))
        running.send(SIGKILL)
        _ = try await running.ending
        #expect(try inventory.queryCopy("PRAGMA integrity_check") == ["ok"])
        states.insert(try await listed())
        #expect(try await self.told(ofRuns: 5...5) == told)
      }
      #expect(states.isSubset(of: [["1", "2", "3", "4", "5"], small]))
      #expect(states.contains(["1", "2", "3", "4", "5"]))
      _ = try await prune(["--keep", "1"])
      try await run([("moves", Self.at("https://moves/2"))])
      #expect(
        try program.folder.content("inventory") == [
          "inventory.csv", "inventory.db", "inventory.html", "inventory.jsonl", "manifest.json",
        ])
    }

    @Test("on a full disk ends with 73 and leaves the database as it was", .enabled(if: Mount.isPossible))
    func fullDisk() async throws {
      try await fiveRuns(others: 1500)
      let whole = try program.folder.data("inventory/inventory.db")
      let content = try inventory.content()
      try await Mount.using(size: "64m", at: "small", in: program.folder) { mount in
        try program.folder.write("small/inventory.db", whole)
        var statuses: [Int32] = []
        // Room for nothing, for a part of the copy, for the copy but not for what is made of it, for all.
        for room in [0, 1, 2, 3, 4, 5, 6, 8, 10] {
          try mount.resize(to: "\((whole.count * (room + 4) / 4) / 1024 + 64)k")
          let ending = try await prune(["--keep", "1", "--database", "small/inventory.db"])
          statuses.append(ending.status)
          guard ending.status != 0 else { break }
          #expect(ending.status == 73, "\(ending.error)")
          // The shell that is asked then makes files of its own.
          #expect(
            try program.folder.content("small").filter { !$0.hasSuffix("-shm") && !$0.hasSuffix("-wal") } == [
              "inventory.db"
            ])
          #expect(try Inventory(in: program.folder, "small").content() == content)
        }
        #expect(statuses.first == 73 && statuses.last == 0, "\(statuses)")
      }
    }
  }
}

extension Inventory {
  /// Every row of the database's tables.
  fileprivate func content() throws -> [String] {
    try ["runs", "results", "findings"].flatMap { try query("SELECT * FROM \($0)") }
  }
}
