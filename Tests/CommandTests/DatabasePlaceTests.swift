import Foundation
import SandboxGateway
import Testing

extension TheDatabase {
  /// `--database FILE`, else `inventory.db` in the output folder, else the same in the default folder.
  @Suite("Where the database is")
  struct DatabasePlaceTests {
    private var program: Program

    init() throws {
      program = try Program()
    }

    /// A run in each of three databases, whose lists are called after them.
    private func threeDatabases() async throws {
      for (name, options) in [
        ("standard", []), ("rehearsal", ["-o", "rehearsal"]), ("apart", ["-o", "elsewhere", "--database", "apart.db"]),
      ] {
        try program.folder.write("\(name).csv", "project_id\n\(name)-project\n")
        let ending = try await program.run(["\(name).csv", "--sandbox", "--rate", "0"] + options)
        #expect([0, 2].contains(ending.status), "\(ending.error)")
      }
    }

    @Test("is the same question for every command, and has the same answer")
    func everyCommand() async throws {
      try await threeDatabases()
      try program.folder.write("rehearsal.yaml", "output: rehearsal\n")
      let places: [(options: [String], environment: [String: String], name: String)] = [
        ([], [:], "standard"), (["-o", "inventory"], [:], "standard"), (["--output", "rehearsal/"], [:], "rehearsal"),
        (["-o", "rehearsal"], [:], "rehearsal"), (["--config", "rehearsal.yaml"], [:], "rehearsal"),
        ([], ["JELOU_INVENTORY_OUTPUT": "rehearsal"], "rehearsal"), (["--database", "apart.db"], [:], "apart"),
        (["--database", "apart.db", "-o", "rehearsal"], [:], "apart"),
        (["-o", "inventory", "--config", "rehearsal.yaml"], [:], "standard"),
        (["--config", "rehearsal.yaml"], ["JELOU_INVENTORY_DATABASE": "apart.db"], "apart"),
        // Standard output is no folder: the configuration's is still where the database is.
        (["-o", "-"], [:], "standard"), (["-o", "-", "--config", "rehearsal.yaml"], [:], "rehearsal"),
        (["-o", "-", "--database", "apart.db"], [:], "apart"),
      ]
      for place in places {
        var program = program
        program.environment.merge(place.environment) { $1 }
        for command in [
          ["runs", "--format", "csv"], ["query", "SELECT list_path FROM runs", "--format", "csv"],
          ["changes", "--all", "--format", "csv", "-v"], ["plan", "\(place.name).csv", "--sandbox", "--retry-failed"],
        ] where command[0] != "plan" || !place.options.contains("-") {
          let ending = try await program.run(command + place.options)
          #expect(ending.status == 0, "\(command) \(place): \(ending.error)")
          // A first run has no changes, which a sentence says with the database's name.
          let told = ending.output + ending.error
          #expect(
            command[0] == "changes" || told.contains("\(place.name).csv"), "\(command) \(place): \(told)")
        }
        let report = try await program.run(["report", "--format", "csv"] + place.options)
        #expect(report.status == 0, "\(place): \(report.error)")
        let folder = place.options.contains("-") ? nil : report.error.contains("rehearsal/") ? "rehearsal" : "inventory"
        let csv = try folder.map { try program.folder.text("\($0)/inventory.csv") } ?? report.output
        #expect(csv.contains("\(place.name)-project"), "\(place): \(csv)")
      }
    }

    @Test("report never writes one folder's data into another: 66, and nothing is made")
    func otherFolder() async throws {
      try await threeDatabases()
      let before = try program.folder.content()
      for command in [["report"], ["runs"], ["changes"], ["query", "SELECT 1"], ["runs", "--keep", "1"]] {
        let ending = try await program.run(command + ["-o", "new"])
        #expect(ending.status == 66)
        #expect(
          ending.error.contains(
            "new/inventory.db: there is no such database; set its folder with --output, or the file with --database"),
          "\(ending.error)")
      }
      #expect(try program.folder.content() == before)
      let folder = try await program.run(["runs", "--database", "rehearsal"])
      #expect(folder.status == 73)
      #expect(folder.error.contains("it is a folder; choose a file in it, such as inventory.db"), "\(folder.error)")
      // Unless --database says so.
      let told = try await program.run(["report", "-o", "new", "--database", "apart.db", "--format", "csv"])
      #expect(told.status == 0)
      #expect(try program.folder.text("new/inventory.csv").contains("apart-project"))
    }

    @Test("merge takes the folders that the shards' databases are in")
    func mergeFolders() async throws {
      try program.folder.writeList((1...20).map { "project-\($0)" })
      try await SandboxServer().serving { [program] baseURL in
        for number in 1...2 {
          let ending = try await program.run([
            "list.csv", "--base-url", baseURL, "--rate", "0", "--max-attempts", "1", "--shard", "\(number)/2", "-o",
            "shard-\(number)",
          ])
          #expect([0, 2].contains(ending.status), "\(ending.error)")
        }
      }
      let missing = try await program.run(["merge", "shard-1", "list.csv/..", "."])
      #expect(missing.status == 66)
      #expect(missing.error.contains("./inventory.db: there is no such database"), "\(missing.error)")
      let merged = try await program.run(["merge", "shard-1/", "shard-2/inventory.db", "-o", "all"])
      #expect([0, 2].contains(merged.status), "\(merged.error)")
      #expect(try Inventory(in: program.folder, "all").csv().count == 20)
    }
  }
}
