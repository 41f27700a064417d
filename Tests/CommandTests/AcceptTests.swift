import Foundation
import SandboxGateway
import TestSupport
import Testing

extension TheReports {
  @Suite("runs --accept", .timeLimit(.minutes(4)))
  struct AcceptTests {
    private let program: Program
    private var inventory: Inventory { Inventory(in: program.folder) }

    init() throws {
      program = try Program()
      try program.folder.writeList((0..<25).map { "p\($0)" })
    }

    private static let found = SandboxReply.custom(
      status: 200, body: #"{"id": "i", "webhookUrl": "https://h.example/"}"#)

    /// Two runs: of twenty projects that have an integration, twelve are gone in the second, which is held.
    ///
    /// - Parameter third: the third reply to these, and all after it.
    private func heldRun(
      _ more: [String] = [], third: SandboxReply = .notFound,
      _ body: @escaping @Sendable (_ run: [String]) async throws -> Void = { _ in }
    ) async throws {
      var script: [String: [SandboxReply]] = [:]
      for number in 0..<25 {
        script["p\(number)"] =
          number < 8 ? [Self.found] : number < 20 ? [Self.found, .notFound, third] : [.notFound]
      }
      try await SandboxServer(behavior: SandboxBehavior(script: script)).serving { [program] baseURL in
        let run = ["list.csv", "--base-url", baseURL, "--rate", "0", "--max-attempts", "1"] + more
        #expect(try await program.run(run).status == 0)
        #expect(try await program.run(run).status == 3)
        try await body(run)
      }
    }

    private func expectAccepted(in folder: String, database: String = "inventory/inventory.db") throws {
      let reports = Inventory(in: program.folder, folder)
      let manifest = try reports.manifest()
      #expect(manifest["run"] as? Int == 2 && manifest["state"] as? String == "finished")
      #expect(manifest["held"] is NSNull)
      #expect(
        try reports.csv().map { $0["change"] } == (0..<25).map { (8..<20).contains($0) ? "gone" : "unchanged" })
      let page = try program.folder.text("\(folder)/inventory.html")
      #expect(!page.contains("notice held") && page.contains("Previous run: 1 ("))
    }

    @Test("makes it an ordinary finished run: its changes, its reports in their formats, and what comes after it")
    func accepted() async throws {
      try await heldRun(["--format", "csv,jsonl,html,xlsx", "--language", "es"], third: Self.found) { run in
        let ending = try await program.run(["runs", "--accept", "2", "--language", "es"])
        #expect(ending.status == 0 && ending.output.isEmpty, "\(ending.error)")
        #expect(ending.error.contains("run 2 is accepted"))
        #expect(ending.error.contains("written: inventory/manifest.json"))
        let manifest = try inventory.manifest()
        #expect(manifest["state"] as? String == "finished" && manifest["held"] is NSNull)
        #expect(
          try inventory.csv().map { $0["change"] } == (0..<25).map { (8..<20).contains($0) ? "gone" : "unchanged" })
        try inventory.expectBalance(lines: Array(2...26))
        let page = try program.folder.text("inventory/inventory.html")
        #expect(page.contains(#"<html lang="es">"#) && !page.contains("notice held"))
        let workbook = try ReadWorkbook(path: "\(program.folder.path)/inventory/inventory.xlsx")
        #expect(try #require(workbook["Cambios"]).texts.count == 13)
        #expect(try #require(workbook["Resumen"]).texts.contains { $0.starts(with: ["Estado", "Finalizada"]) })
        #expect(try inventory.query("SELECT state, held FROM runs") == ["finished|", "finished|"])
        #expect(try inventory.query("SELECT count(*) FROM latest_changes WHERE change = 'gone'") == ["12"])
        // Reported once more, it is the same.
        let before = try program.folder.data("inventory/inventory.csv")
        #expect(try await program.run(["report", "-o", "again", "--database", "inventory/inventory.db"]).status == 0)
        #expect(try program.folder.data("again/inventory.csv") == before)
        #expect(try await program.run(run).status == 0)
        #expect(
          try inventory.csv().map { $0["change"] } == (0..<25).map { (8..<20).contains($0) ? "added" : "unchanged" })
      }
    }

    @Test("writes the reports in the dialect that they had")
    func dialect() async throws {
      try await heldRun(["--format", "csv", "--csv-profile", "excel-semicolon"])
      #expect(try await program.run(["runs", "--accept", "2"]).status == 0)
      #expect(try program.folder.content("inventory") == ["inventory.csv", "inventory.db", "manifest.json"])
      #expect(try program.folder.text("inventory/inventory.csv").contains(";gone;"))
    }

    @Test("puts its reports over those of a newer run only where -o says so, not where the configuration does")
    func newerReports() async throws {
      try await heldRun(third: Self.found) { run in
        #expect(try await program.run(run).status == 0)
        let before = try program.folder.data("inventory/manifest.json")
        try program.folder.write("c.yaml", "output: inventory\n")
        let configured = try await program.run(["runs", "--accept", "2", "--config", "c.yaml"])
        #expect(configured.status == 0)
        #expect(configured.error.contains("its reports were not rewritten"), "\(configured.error)")
        #expect(try program.folder.data("inventory/manifest.json") == before)
      }
      #expect(try await program.run(["report", "--run", "2", "-o", "inventory"]).status == 0)
      #expect(try inventory.manifest()["run"] as? Int == 2)
    }

    @Test("writes the reports where -o says, or nowhere where they are not beside the database, and says so")
    func places() async throws {
      try await heldRun(["--database", "history.db", "-o", "reports"])
      let before = try program.folder.data("reports/manifest.json")
      let saved = try program.folder.data("history.db")
      let ending = try await program.run(["runs", "--accept", "2", "--database", "history.db"])
      #expect(ending.status == 0)
      #expect(ending.error.contains("its reports were not rewritten"), "\(ending.error)")
      #expect(try program.folder.data("reports/manifest.json") == before)
      #expect(try program.folder.content() == ["history.db", "list.csv", "reports"])
      #expect(try await program.run(["report", "--database", "history.db", "-o", "reports"]).status == 0)
      try expectAccepted(in: "reports")
      for folder in ["reports", "new"] {
        try program.folder.write("history.db", saved)
        let ending = try await program.run(["runs", "--accept", "2", "--database", "history.db", "-o", folder])
        #expect(ending.status == 0, "\(ending.error)")
        try expectAccepted(in: folder)
      }
      // Beside a database are the reports of another one's run 2.
      try program.folder.write("history.db", saved)
      let manifest = try program.folder.text("reports/manifest.json").replacing(
        "\"started_at\":\"2", with: "\"started_at\":\"1")
      try program.folder.write("manifest.json", manifest)
      #expect(try await program.run(["runs", "--accept", "2", "--database", "history.db"]).status == 0)
      #expect(try program.folder.text("manifest.json") == manifest)
      #expect(try !program.folder.content().contains("inventory.csv"))
    }

    @Test("leaves later runs as they were compared, and the next one is compared with the newest answers")
    func later() async throws {
      try await heldRun(third: Self.found) { run in
        #expect(try await program.run(run).status == 0)
        let names = ["inventory.csv", "inventory.html", "manifest.json"]
        let before = try names.map { try program.folder.data("inventory/\($0)") }
        let ending = try await program.run(["runs", "--accept", "2"])
        #expect(ending.status == 0)
        #expect(ending.error.contains("the changes of later runs stay as they are"))
        #expect(ending.error.contains("report --run 2"))
        // The folder has the reports of run 3, which are still true.
        #expect(try names.map { try program.folder.data("inventory/\($0)") } == before)
        #expect(
          try inventory.query("SELECT run_id, change, count(*) FROM results WHERE run_id > 1 GROUP BY 1, 2")
            == ["2|gone|12", "2|unchanged|13", "3|unchanged|25"])
        #expect(try inventory.query("SELECT DISTINCT run_id FROM latest") == ["3"])
        #expect(try inventory.query("SELECT id, previous_run FROM runs") == ["1|", "2|1", "3|1"])
        #expect(try await program.run(run).status == 0)
        #expect(try inventory.csv().allSatisfy { $0["change"] == "unchanged" })
        #expect(try inventory.query("SELECT previous_run FROM runs WHERE id = 4") == ["3"])
      }
    }

    @Test("is refused where there is nothing to accept, with the reason; then nothing is changed")
    func refusals() async throws {
      let missing = try await program.run(["runs", "--accept", "2"])
      #expect(missing.status == 66 && missing.error.contains("inventory/inventory.db"))
      #expect(try program.folder.content() == ["list.csv"])
      try await heldRun { run in
        let before = try inventory.query("SELECT * FROM runs") + inventory.query("SELECT * FROM results")
        for (arguments, status, text) in [
          (["--accept", "7"], 64, "there is no run 7"), (["--accept", "1"], 64, "run 1 is finished, not held"),
          (["--accept", "x"], 64, "--accept"),
          (["--accept", "2", "--keep", "1"], 64, "--accept can't be combined with --delete or --keep"),
          (["--accept", "2", "--delete", "1"], 64, "--accept can't be combined with --delete or --keep"),
          (["--accept", "2", "-o", "list.csv", "--database", "inventory/inventory.db"], 73, "list.csv"),
          (
            ["--accept", "2", "--language", "xx"], 64, "--language xx: there is no such language; use one of en, es, pt"
          ),
          (["--accept", "2", "--templates", "none"], 66, "none"),
        ] as [([String], Int32, String)] {
          let ending = try await program.run(["runs"] + arguments)
          #expect(ending.status == status && ending.error.contains(text), "\(arguments): \(ending.error)")
        }
        let running = try program.start(run + ["--rate", "2"])
        try await wait { program.folder.exists("inventory/inventory.db-lock") }
        let busy = try await program.run(["runs", "--accept", "2"])
        #expect(busy.status == 75 && busy.error.contains("process \(running.id)"), "\(busy.error)")
        running.send(SIGKILL)
        _ = try await running.ending
        #expect(
          try
            (inventory.queryCopy("SELECT * FROM runs WHERE id < 3")
            + inventory.queryCopy("SELECT * FROM results WHERE run_id < 3")) == before)
        #expect(try await program.run(run + ["--resume", "--max-gone", "100%"]).status == 0)
        #expect(try await program.run(["runs", "--delete", "2"]).status == 0)
        let deleted = try await program.run(["runs", "--accept", "2"])
        #expect(deleted.status == 64 && deleted.error.contains("run 2 was deleted on"))
      }
    }

    @Test("killed at any moment, leaves the run held or accepted, with all of its changes or none")
    func killed() async throws {
      try await heldRun()
      let database = try program.folder.data("inventory/inventory.db")
      let clock = ContinuousClock()
      let length = try await clock.measure { _ = try await program.run(["runs", "--accept", "2"]) }
      for step in 0..<10 {
        for suffix in ["-wal", "-shm"] {
          try? FileManager.default.removeItem(atPath: program.folder.path + "/inventory/inventory.db" + suffix)
        }
        try program.folder.write("inventory/inventory.db", database)
        let running = try program.start(["runs", "--accept", "2"])
        try await Task.sleep(for: length * (0.3 + Double(step) / 14))
        running.send(SIGKILL)
        _ = try await running.ending
        let state = try inventory.queryCopy(
          "SELECT state, held IS NULL, (SELECT count(change) FROM results WHERE run_id = 2) FROM runs WHERE id = 2")
        #expect(state == ["held|0|0"] || state == ["finished|1|25"], "\(state)")
      }
      #expect([0, 64].contains(try await program.run(["runs", "--accept", "2"]).status))
      #expect(try await program.run(["report"]).status == 0)
      try expectAccepted(in: "inventory")
    }
  }
}
