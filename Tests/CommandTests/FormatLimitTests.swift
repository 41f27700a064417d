import Foundation
import InventoryModel
import SandboxGateway
import Testing

extension TheReports {
  /// Limits of the formats and of SQLite that a list, a command or a question may meet.
  @Suite("A limit of a format", .timeLimit(.minutes(5)))
  struct FormatLimitTests {
    /// The list's columns besides the ID that a sheet of 16,384 columns has room for.
    private static let mostColumns = 16_384 - InventoryColumns(inputColumns: []).all.count

    private let program: Program

    init() throws {
      program = try Program()
    }

    private func writeList(columns: Int) throws {
      let header = (["project_id"] + (1...columns).map { "c\($0)" }).joined(separator: ",")
      let rows = (1...3).map { row in (["project-\(row)"] + (1...columns).map { "\($0)" }).joined(separator: ",") }
      try program.folder.write("list.csv", ([header] + rows).joined(separator: "\n") + "\n")
    }

    @Test("on columns of a workbook ends run and plan with 65 before anything is begun", arguments: ["run", "plan"])
    func columns(command: String) async throws {
      try writeList(columns: Self.mostColumns + 1)
      let log = SandboxLog()
      let ending = try await SandboxServer(log: log).serving { [program] baseURL in
        try await program.run([command, "list.csv", "--base-url", baseURL, "--format", "csv,xlsx"])
      }
      #expect(ending.status == 65, "\(ending.error)")
      #expect(
        ending.error.contains(
          "the list has \(Self.mostColumns + 1) columns besides the ID, but inventory.xlsx can hold only "
            + "\(Self.mostColumns); remove xlsx from --format, or columns from the list"), "\(ending.error)")
      #expect(log.entries.isEmpty)
      #expect(!program.folder.exists("inventory"))
    }

    @Test("on columns of a workbook is exact: with one column fewer, every cell is there")
    func mostColumns() async throws {
      try writeList(columns: Self.mostColumns)
      let ending = try await program.run(["list.csv", "--sandbox", "--rate", "0", "--format", "xlsx"])
      #expect([0, 2].contains(ending.status), "\(ending.error)")
      #expect(program.folder.exists("inventory/inventory.xlsx"))
    }

    @Test("on columns of a workbook ends report and merge with 65, too, and leaves what there is as it was")
    func laterReports() async throws {
      try writeList(columns: Self.mostColumns + 1)
      for shard in 1...2 {
        let ending = try await program.run([
          "list.csv", "--sandbox", "--rate", "0", "--shard", "\(shard)/2", "-o", "shard-\(shard)", "--format", "csv",
        ])
        #expect([0, 2].contains(ending.status), "\(ending.error)")
      }
      let before = try program.folder.content("shard-1")
      let report = try await program.run(["report", "-o", "shard-1", "--format", "csv,xlsx"])
      #expect(report.status == 65 && report.error.contains("\(Self.mostColumns + 1) columns"), "\(report.error)")
      #expect(try program.folder.content("shard-1") == before)
      let shards = ["shard-1/inventory.db", "shard-2/inventory.db"]
      let merge = try await program.run(
        ["merge"] + shards + ["--database", "merged/inventory.db", "-o", "merged", "--format", "xlsx"])
      #expect(merge.status == 65 && merge.error.contains("\(Self.mostColumns + 1) columns"), "\(merge.error)")
      #expect(!program.folder.exists("merged"))
      let csv = try await program.run(
        ["merge"] + shards + ["--database", "merged/inventory.db", "-o", "merged", "--format", "csv"])
      #expect([0, 2].contains(csv.status), "\(csv.error)")
      #expect(try Inventory(in: program.folder, "merged").header().count == 16_385)
    }

    @Test("on the cells of a row ends the run with 65 and the line")
    func cells() async throws {
      try program.folder.write("list.csv", "project_id\nproject-1" + String(repeating: ",", count: 100_001) + "\n")
      let ending = try await program.run(["list.csv", "--sandbox"])
      #expect(ending.status == 65, "\(ending.error)")
      #expect(ending.error.contains("list.csv line 2: the row that begins here has more than 100000 cells"))
      #expect(!program.folder.exists("inventory"))
    }

    @Test("on databases that SQLite attaches to another does not hold for merged shards")
    func manyShards() async throws {
      let count = 30
      try program.folder.writeList((1...300).map { "project-\($0)" })
      try await SandboxServer(behavior: SandboxBehavior(others: .enveloped)).serving { [program] baseURL in
        for shard in 1...count {
          let ending = try await program.run([
            "list.csv", "--base-url", baseURL, "--rate", "0", "--shard", "\(shard)/\(count)", "-o", "shard-\(shard)",
            "--format", "csv",
          ])
          #expect(ending.status == 0, "\(ending.error)")
        }
      }
      let shards = (1...count).map { "shard-\($0)/inventory.db" }
      var narrow = program
      narrow.wrapper = ["/usr/bin/prlimit", "--nofile=60:60"]
      let merge = ["merge"] + shards + ["--database", "merged/inventory.db", "-o", "merged", "--format", "csv"]
      let refused = try await narrow.run(merge)
      #expect(refused.status == 73 && refused.error.contains("ulimit -Hn"), "\(refused.error)")
      #expect(!program.folder.exists("merged"))
      let merged = try await program.run(merge)
      #expect(merged.status == 0, "\(merged.error)")
      #expect(try Inventory(in: program.folder, "merged").csv().count == 300)
    }

    /// What is over SQLite's limits (sqlite.org/limits.html).
    @Test(
      "of SQLite that a question meets is told as the question's fault",
      arguments: [
        "SELECT " + (1...2001).map { "\($0)" }.joined(separator: ", "),
        "SELECT " + String(repeating: "(", count: 1100) + "1" + String(repeating: ")", count: 1100),
        "SELECT 1" + String(repeating: " + 1", count: 1100),
        (1...600).map { "SELECT \($0)" }.joined(separator: " UNION ALL "),
        "SELECT 'x' LIKE printf('%.*c', 60000, '%')", "SELECT length(printf('%.*c', 1500000000, 'x'))",
        "SELECT zeroblob(1500000000)", "SELECT * FROM " + (1...70).map { "runs r\($0)" }.joined(separator: ", "),
        "SELECT json('" + String(repeating: "[", count: 3000) + String(repeating: "]", count: 3000) + "')",
      ])
    func questions(sql: String) async throws {
      try program.folder.writeList(["project-1", "project-2"])
      _ = try await program.run(["list.csv", "--sandbox", "--rate", "0", "--format", "csv"])
      let ending = try await program.run(["query", sql])
      #expect(ending.signal == nil)
      #expect([0, 64].contains(ending.status), "\(ending.status) \(ending.error.prefix(300))")
    }
  }
}
