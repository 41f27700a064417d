import Foundation
import Testing

extension TheDatabase {
  /// A list may have the name of a report: a report of last month, say, or `inventory.csv` for want of another name.
  @Suite("The list is never overwritten", .timeLimit(.minutes(2)))
  struct ListProtectionTests {
    private let program: Program
    private let list = "project_id\n" + (1...12).map { "project-\($0)\n" }.joined()

    init() throws {
      program = try Program()
      for folder in ["lists", "part-1", "part-2"] {
        try FileManager.default.createDirectory(
          atPath: program.folder.path + "/" + folder, withIntermediateDirectories: true)
      }
      try program.folder.write("lists/inventory.csv", list)
    }

    private func expectRefusal(_ arguments: [String]) async throws {
      let ending = try await program.run(arguments)
      #expect(ending.status == 73, "\(arguments): \(ending.error)")
      #expect(ending.error.contains("own input"), "\(ending.error)")
      #expect(try program.folder.text("lists/inventory.csv") == list)
    }

    @Test("by a run or its plan, whatever leads to it")
    func run() async throws {
      for command in ["run", "plan"] {
        try await expectRefusal([command, "lists/inventory.csv", "--sandbox", "--rate", "0", "-o", "lists"])
        try await expectRefusal([command, "lists/../lists/inventory.csv", "--sandbox", "-o", "part-1/../lists"])
      }
    }

    @Test("by report")
    func report() async throws {
      let run = ["run", "lists/inventory.csv", "--sandbox", "--rate", "0", "--max-attempts", "1"]
      #expect([0, 2].contains(try await program.run(run + ["-o", "lists", "--format", "jsonl"]).status))
      try await expectRefusal(["report", "-o", "lists"])
      #expect(try await program.run(["report", "-o", "lists", "--format", "jsonl,html"]).status == 0)
    }

    @Test("by runs --accept")
    func accept() async throws {
      let run = ["run", "lists/inventory.csv", "--base-url", "http://127.0.0.1:9/", "--max-attempts", "1"]
      #expect(try await program.run(run + ["-o", "part-1"]).status == 69)
      let hold = "UPDATE runs SET state = 'held', held = json_object('reason', 'r', 'not_found', 12)"
      #expect(try Shell.run("/usr/bin/sqlite3", ["part-1/inventory.db", hold], in: program.folder) == 0)
      try await expectRefusal(["runs", "--accept", "1", "--database", "part-1/inventory.db", "-o", "lists"])
    }

    @Test("by merge")
    func merge() async throws {
      for shard in 1...2 {
        let ending = try await program.run([
          "run", "lists/inventory.csv", "--sandbox", "--rate", "0", "--max-attempts", "1", "--shard", "\(shard)/2",
          "-o",
          "part-\(shard)",
        ])
        #expect([0, 2].contains(ending.status), "\(ending.error)")
      }
      try await expectRefusal(["merge", "part-1", "part-2", "-o", "lists"])
      #expect([0, 2].contains(try await program.run(["merge", "part-1", "part-2", "-o", "whole"]).status))
    }
  }
}
