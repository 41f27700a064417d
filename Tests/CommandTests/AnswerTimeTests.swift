import Foundation
import SandboxGateway
import Testing

extension TheDatabase {
  @Suite("The newest earlier answer", .timeLimit(.minutes(3)))
  struct AnswerTimeTests {
    private let program: Program
    private var inventory: Inventory { Inventory(in: program.folder) }

    init() throws {
      program = try Program()
    }

    private static func at(_ url: String) -> SandboxReply {
      .custom(status: 200, body: #"{"id": "i", "webhookUrl": "\#(url)"}"#)
    }

    /// Serves the replies to the list of all their projects.
    private func serving(
      _ script: [String: [SandboxReply]], _ body: @escaping @Sendable (_ run: [String]) async throws -> Void
    ) async throws {
      try program.folder.writeList(script.keys.sorted())
      try await SandboxServer(behavior: SandboxBehavior(script: script)).serving { baseURL in
        try await body(["list.csv", "--base-url", baseURL, "--rate", "0", "--max-attempts", "1"])
      }
    }

    @Test("is the one that was given last, also where an older version went on with run 1 after run 2 had finished")
    func continuedLate() async throws {
      let (old, new) = (Self.at("https://old.example/"), Self.at("https://new.example/"))
      try await serving(["p": [old, new, new], "q": [old, old, new], "r": [old]]) { [program] run in
        #expect(try await program.run(run).status == 0)
        #expect(try await program.run(run).status == 0)
        // As that version left it: q was answered again in run 1.
        let sql = """
          UPDATE results SET webhook_url = 'https://new.example/', webhook_host = 'new.example',
            fetched_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE run_id = 1 AND project_id = 'q';
          UPDATE runs SET finished_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = 1;
          """
        #expect(try Shell.run("/usr/bin/sqlite3", ["inventory/inventory.db", sql], in: program.folder) == 0)
        #expect(try await program.run(run).status == 0)
        #expect(try inventory.csv().map { $0["change"] } == ["unchanged", "unchanged", "unchanged"])
        #expect(
          try inventory.query("SELECT project_id, previous_run FROM results WHERE run_id = 3") == ["p|2", "q|1", "r|2"])
        let page = try program.folder.text("inventory/inventory.html")
        #expect(page.contains("Previous run: 1 ("))
      }
    }

    @Test("is none of a run that was interrupted and left like that, nor does that let the next one pass")
    func interrupted() async throws {
      let projects = (10..<50).map { "p\($0)" }
      func all(_ reply: SandboxReply) -> [String: [SandboxReply]] {
        Dictionary(uniqueKeysWithValues: projects.map { ($0, [reply]) })
      }
      try await serving(all(Self.at("https://h.example/"))) { [program] run in
        let ending = try await program.run(run)
        #expect(ending.status == 0)
      }
      // With a wrong address, which the user sees after a while.
      try await serving(all(.notFound)) { [program] run in
        let running = try program.start(run + ["--rate", "20"])
        try await wait {
          (try? inventory.query("SELECT count(*) > 5 FROM results WHERE run_id = 2 AND outcome = 'not_found'")) == ["1"]
        }
        running.send(SIGTERM)
        #expect(try await running.ending.signal == SIGTERM)
        #expect(try inventory.csv().contains { $0["change"] == "gone" })
        let ending = try await program.run(run)
        #expect(ending.status == 3)
        #expect(ending.error.contains("is held: 40 of the 40 projects that had an integration"), "\(ending.error)")
      }
      try await serving(all(Self.at("https://h.example/"))) { [program] run in
        let ending = try await program.run(run)
        #expect(ending.status == 0)
        #expect(try inventory.csv().allSatisfy { $0["change"] == "unchanged" })
        #expect(
          try inventory.query("SELECT state FROM runs") == ["finished", "interrupted", "held", "finished"])
      }
    }
  }
}
