import Foundation
import SandboxGateway
import TestSupport
import Testing

extension TheReports {
  @Suite("A held run", .timeLimit(.minutes(4)))
  struct HeldTests {
    private let program: Program
    private var inventory: Inventory { Inventory(in: program.folder) }

    init() throws {
      program = try Program()
    }

    /// What a gateway replies to each project, one a run.
    private typealias Script = [String: [SandboxReply]]

    private static let found = SandboxReply.custom(
      status: 200, body: #"{"id": "i", "webhookUrl": "https://h.example/"}"#)

    private static func projects(_ numbers: Range<Int>) -> [String] { numbers.map { "p\($0)" } }

    private static func script(_ numbers: Range<Int>, _ replies: SandboxReply...) -> Script {
      Dictionary(uniqueKeysWithValues: projects(numbers).map { ($0, replies) })
    }

    /// Serves the replies to the list of all their projects.
    private func serving(
      _ scripts: Script..., body: @escaping @Sendable (_ run: [String]) async throws -> Void
    ) async throws {
      let script = scripts.reduce(into: Script()) { $0.merge($1) { $1 } }
      try program.folder.writeList(script.keys.sorted { ($0.count, $0) < ($1.count, $1) })
      try await SandboxServer(behavior: SandboxBehavior(script: script)).serving { baseURL in
        try await body(["list.csv", "--base-url", baseURL, "--rate", "0", "--max-attempts", "1"])
      }
    }

    private static let reason =
      "12 of the 20 projects that had an integration no longer have one (limit: --max-gone 20%)"

    /// Twenty projects have an integration, of which twelve are gone in the second run.
    private func heldRun(_ more: [String] = [], _ body: @escaping @Sendable (_ run: [String]) async throws -> Void)
      async throws
    {
      try await serving(
        Self.script(0..<8, Self.found), Self.script(8..<20, Self.found, .notFound, .notFound),
        Self.script(20..<25, .notFound)
      ) { [program] run in
        #expect(try await program.run(run + more).status == 0)
        let ending = try await program.run(run + more)
        #expect(ending.status == 3, "\(ending.error)")
        #expect(ending.error.contains("Run 2 is held: \(Self.reason)."), "\(ending.error)")
        #expect(ending.error.contains("jelou-inventory runs --accept 2 --database inventory/inventory.db"))
        try await body(run + more)
      }
    }

    private func page(_ folder: String = "inventory") throws -> String {
      try program.folder.text("\(folder)/inventory.html").components(separatedBy: "<table")[0]
    }

    private func summary(_ folder: String = "inventory") throws -> [[String]] {
      let workbook = try ReadWorkbook(path: "\(program.folder.path)/\(folder)/inventory.xlsx")
      return try #require(workbook["Summary"]).texts
    }

    @Test("says so in every report, shows no changes, and is not what later runs and questions start from")
    func reports() async throws {
      try await heldRun(["--format", "csv,jsonl,html,xlsx"]) { run in
        try inventory.expectBalance(lines: Array(2...26))
        #expect(
          try inventory.csv().allSatisfy { $0["change"]?.isEmpty == true && $0["changed_fields"]?.isEmpty == true })
        #expect(try inventory.jsonLines().allSatisfy { $0["change"] is NSNull })
        let manifest = try inventory.manifest()
        #expect(manifest["run"] as? Int == 2 && manifest["state"] as? String == "held")
        #expect(manifest["held"] as? [String: String] == ["reason": Self.reason])
        for (language, text) in [
          ("en", "Of 20 projects that had an integration, 12 no longer have one. The limit is --max-gone 20%. "),
          ("es", "De 20 proyectos que tenían integración, 12 ya no la tienen. El límite es --max-gone 20%. "),
          ("pt", "De 20 projetos que tinham integração, 12 não têm mais. O limite é --max-gone 20%. "),
        ] {
          let folder = "page-\(language)"
          #expect(
            try await program.run([
              "report", "-o", folder, "--database", "inventory/inventory.db", "--language", language,
            ]).status == 0)
          let page = try page(folder)
          #expect(page.contains(#"<p class="notice held" role="alert">"#), "\(language)")
          #expect(page.contains(text) && page.contains("runs --accept 2"), "\(language)")
        }
        #expect(try page().contains("This run is held, so its rows are not compared with earlier answers."))
        #expect(
          try summary().contains {
            $0[0] == "This run is held. Of 20 projects that had an integration, 12 no longer have one. "
              + "The limit is --max-gone 20%."
          })
        #expect(try summary().contains { $0[0].contains("jelou-inventory runs --accept 2 --database FILE") })
        #expect(
          try summary().contains {
            $0.starts(with: ["State", "Held: not part of the history until it is accepted"])
          })

        #expect(
          try inventory.query("SELECT state, held ->> '$.reason' FROM runs") == ["finished|", "held|\(Self.reason)"])
        #expect(try inventory.query("SELECT DISTINCT run_id FROM latest") == ["1"])
        #expect(try inventory.query("SELECT count(*) FROM latest_changes") == ["0"])
        #expect(
          try inventory.query("SELECT count(*) FROM results WHERE change IS NOT NULL OR last_good_at IS NOT NULL") == [
            "0"
          ])
        let runs = try await program.run(["runs", "--format", "csv"])
        #expect(runs.output.contains("\r\n2,held,") && runs.output.contains(Self.reason))
        #expect(runs.error.contains("run 2 is held: \(Self.reason)"))
        let changes = try await program.run(["changes"])
        #expect(changes.error.contains("run 1 is the first"), "\(changes.error)")
        let between = try await program.run(["changes", "--to", "2", "--format", "csv"])
        #expect(between.status == 0 && between.output.components(separatedBy: ",gone,").count == 13)
        let question = try await program.run(["query", "changed-this-month"])
        #expect(question.status == 0 && !question.output.contains("gone"))

        // The next run is another one, and is compared with the answers before.
        let next = try await program.run(run + ["--resume", "--log-format", "json"])
        #expect(next.status == 3)
        #expect(next.error.contains(#""held":{"reason":"\#(Self.reason)"}"#), "\(next.error)")
        #expect(next.error.contains(#""state":"held""#))
        let third = try await program.run(run + ["--max-gone", "12"])
        #expect(third.status == 0)
        #expect(try inventory.csv().count { $0["change"] == "gone" } == 12)
        #expect(try inventory.manifest()["held"] is NSNull)
        #expect(try page().contains("Previous run: 1 ("))
        #expect(try inventory.query("SELECT id, state FROM runs") == ["1|finished", "2|held", "3|held", "4|finished"])
      }
    }

    @Test("is decided by --max-gone, from the command line, a variable or a file")
    func limits() async throws {
      var named = program
      try program.folder.write("m.yaml", "max-gone: 60%\n")
      try program.folder.write("n.yaml", "max-gone: 59.9%\n")
      for (arguments, variable, status) in [
        ([], nil, 3), (["--max-gone", "100%"], nil, 0), (["--max-gone", "60%"], nil, 0),
        (["--max-gone", "59%"], nil, 3),
        (["--max-gone", "12"], nil, 0), (["--max-gone", "11"], nil, 3), ([], "12", 0), (["--max-gone", "5%"], "12", 3),
        (["--config", "m.yaml"], nil, 0), (["--config", "n.yaml"], nil, 3),
      ] as [([String], String?, Int32)] {
        try? FileManager.default.removeItem(atPath: program.folder.path + "/inventory")
        named.environment["JELOU_INVENTORY_MAX_GONE"] = variable
        try await serving(Self.script(0..<8, Self.found), Self.script(8..<20, Self.found, .notFound)) { [named] run in
          #expect(try await named.run(run).status == 0)
          let ending = try await named.run(run + arguments)
          #expect(ending.status == status, "\(arguments) \(variable ?? ""): \(ending.error)")
        }
      }
      let printed = try await program.run(["run", "--print-config", "--max-gone", "7"])
      #expect(printed.output.contains("max-gone: 7 # command line"))
      #expect(try await program.run(["run", "--print-config"]).output.contains("max-gone: 20% # default"))
    }

    @Test("takes a number or a percentage", arguments: ["", "x", "-1", "101%", "20 %", "%", "1.5", "1e1%", "nan%"])
    func wrongUsage(value: String) async throws {
      try program.folder.writeList(["a"])
      for command in [["run", "list.csv", "--sandbox"], ["plan", "list.csv", "--sandbox"], ["merge", "a.db"]] {
        let ending = try await program.run(command + ["--max-gone=\(value)"])
        #expect(ending.status == 64 && ending.error.contains("'--max-gone <n|p%>'"), "\(command): \(ending.error)")
      }
      #expect(try program.folder.content() == ["list.csv"])
    }

    @Test("ends with 3, before 2 and 1; with -q, the reason alone is printed")
    func order() async throws {
      try await serving(
        Self.script(0..<8, Self.found), Self.script(8..<20, Self.found, .notFound),
        Self.script(20..<22, Self.found, .internalError)
      ) { [program] run in
        #expect(try await program.run(run).status == 0)
        let held = try await program.run(run + ["--fail-on", "not-found,changed"])
        #expect(held.status == 3 && held.error.contains("\n--fail-on  not-found matched 12 rows: "), "\(held.error)")
        #expect(!held.error.contains("--fail-on changed"))
        let quiet = try await program.run(run + ["-q"]).error
        #expect(quiet.hasPrefix("error: Run 3 is held: ") && quiet.split(separator: "\n").count == 1, "\(quiet)")
      }
    }

    @Test("is not one that was interrupted: it keeps its state")
    func interrupted() async throws {
      try await serving(Self.script(0..<60, Self.found, .notFound)) { [program] run in
        #expect(try await program.run(run).status == 0)
        let running = try program.start(run + ["--rate", "40"])
        try await wait {
          (try? inventory.query("SELECT count(*) > 15 FROM results WHERE run_id = 2 AND outcome = 'not_found'")) == [
            "1"
          ]
        }
        running.send(SIGTERM)
        #expect(try await running.ending.signal == SIGTERM)
        #expect(try inventory.manifest()["state"] as? String == "interrupted")
        // What it has found meanwhile is no earlier answer, but what it finds in the end is judged.
        let ending = try await program.run(run + ["--resume"])
        #expect(ending.status == 3)
        #expect(try inventory.query("SELECT id, state FROM runs") == ["1|finished", "2|held"])
      }
    }

    @Test("is a first run, too, in which at least ten projects have no integration and none has one")
    func first() async throws {
      try await serving(Self.script(0..<10, .notFound)) { [program] run in
        let reason =
          "none of the 10 projects answered has an integration, and there are no earlier answers to compare with"
        let ending = try await program.run(run)
        #expect(ending.status == 3 && ending.error.contains("is held: \(reason)."), "\(ending.error)")
        #expect(try inventory.manifest()["held"] as? [String: String] == ["reason": reason])
        #expect(try page().contains("None of the 10 answered projects has an integration, and there are"))
        // The same again: there is still no earlier answer.
        #expect(try await program.run(run).status == 3)
        let filter = try await program.run(run + ["--output", "-", "--format", "jsonl"])
        #expect(filter.status == 3 && !filter.error.contains("--accept"))
        #expect(filter.output.split(separator: "\n").count == 10)
        #expect(try await program.run(run + ["--max-gone", "100%"]).status == 0)
        #expect(try inventory.csv().allSatisfy { $0["change"]?.isEmpty == true })
        #expect(try await program.run(run).status == 0)
        #expect(try inventory.csv().allSatisfy { $0["change"] == "unchanged" })
      }
    }

    @Test("is judged again by --retry-failed, which asks for its rows without an answer")
    func retried() async throws {
      try await serving(
        Self.script(0..<20, Self.found), Self.script(20..<32, Self.found, .internalError, .notFound),
        Self.script(32..<44, Self.found, .notFound), Self.script(44..<46, Self.found, .internalError, Self.found)
      ) { [program] run in
        #expect(try await program.run(run).status == 0)
        // Twelve of 46 are more than a fifth, and with twelve more it is worse.
        #expect(try await program.run(run).status == 3)
        let again = try await program.run(run + ["--retry-failed"])
        #expect(again.status == 3 && again.error.contains("is held: 24 of the 46 projects"), "\(again.error)")
        #expect(try inventory.csv().allSatisfy { $0["change"]?.isEmpty == true })
        let released = try await program.run(run + ["--retry-failed", "--max-gone", "24"])
        #expect(released.status == 0)
        #expect(try inventory.csv().count { $0["change"] == "gone" } == 24)
        #expect(try inventory.query("SELECT id, state FROM runs") == ["1|finished", "2|finished"])
        // And the other way round.
        #expect(try await program.run(run + ["--retry-failed"]).status == 3)
        #expect(try inventory.query("SELECT state, held IS NULL FROM runs") == ["finished|1", "held|0"])
        #expect(try inventory.query("SELECT DISTINCT run_id FROM latest") == ["1"])
      }
    }

    @Test("is judged when it is merged of shards, by all of them together")
    func merged() async throws {
      try await serving(Self.script(0..<30, Self.found), Self.script(30..<60, Self.found, Self.found, .notFound)) {
        [program] run in
        #expect(try await program.run(run + ["--database", "history.db"]).status == 0)
        for month in 1...2 {
          for shard in 1...2 {
            // Each shard has a history of its own, by which it may be held.
            let folder = "shard-\(shard)"
            let ending = try await program.run(run + ["--shard", "\(shard)/2", "-o", folder])
            #expect(ending.status == (month == 1 ? 0 : 3), "\(ending.error)")
          }
          let merge = [
            "merge", "shard-1/inventory.db", "shard-2/inventory.db", "--database", "history.db", "-o", "all",
          ]
          let ending = try await program.run(merge)
          let manifest = try Inventory(in: program.folder, "all").manifest()
          if month == 1 {
            #expect(ending.status == 0 && manifest["state"] as? String == "finished", "\(ending.error)")
            continue
          }
          #expect(ending.status == 3 && manifest["state"] as? String == "held", "\(ending.error)")
          #expect(ending.error.contains("shard 1/2 (shard-1/inventory.db) is held: "))
          #expect(ending.error.contains("is held: 30 of the 60 projects"))
          #expect(try await program.run(merge + ["--max-gone", "50%"]).status == 0)
          #expect(try await program.run(merge).status == 3)
          // What is accepted is not held again when the same is merged once more.
          #expect(try await program.run(["runs", "--accept", "3", "--database", "history.db"]).status == 0)
          #expect(try await program.run(merge).status == 0)
          #expect(try Inventory(in: program.folder, "all").csv().count { $0["change"] == "gone" } == 30)
        }
      }
    }

    @Test("is written again by report, byte for byte, and is not counted by runs --keep")
    func reportedAndKept() async throws {
      try await heldRun { run in
        for name in ["inventory.csv", "inventory.jsonl", "inventory.html", "manifest.json"] {
          let before = try program.folder.data("inventory/\(name)")
          #expect(try await program.run(["report"]).status == 0)
          #expect(try program.folder.data("inventory/\(name)") == before, "\(name)")
        }
        let kept = try await program.run(["runs", "--keep", "1"])
        #expect(kept.error.contains("there are no runs to delete"), "\(kept.error)")
        let needed = try await program.run(["runs", "--delete", "1"])
        #expect(
          needed.status == 64 && needed.error.contains("run 1 can't be deleted: it is the newest finished run"),
          "\(needed.error)")
        #expect(try await program.run(run + ["--max-gone", "100%"]).status == 0)
        // A held run can go like any other.
        #expect(try await program.run(["runs", "--delete", "2"]).status == 0)
        #expect(try inventory.query("SELECT id FROM runs WHERE pruned_at IS NULL") == ["1", "3"])
        #expect(try inventory.csv().count { $0["change"] == "gone" } == 12)
      }
    }
  }
}
