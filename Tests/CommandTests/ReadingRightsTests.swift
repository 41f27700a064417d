import Foundation
import Glibc
import SandboxGateway
import Testing

extension TheDatabase {
  /// Colleagues look into an inventory that a timer's user keeps, and files lie on media that nobody may write to.
  @Suite(
    "Who may only read", .timeLimit(.minutes(5)),
    .enabled(if: getuid() == 0, "needs other users, and file systems of its own"))
  struct ReadingRightsTests {
    private let others: InventoryOfOthers
    private var folder: Scratch { others.reader.folder }

    init() throws {
      others = try InventoryOfOthers()
    }

    private static let count = InventoryOfOthers.count

    private func serving(_ body: @escaping @Sendable (_ baseURL: String) async throws -> Void) async throws {
      try await SandboxServer(behavior: InventoryOfOthers.behavior).serving { try await body($0) }
    }

    /// The owner's first run is finished.
    private func finishedRun(_ baseURL: String) async throws {
      let ending = try await others.writer.run(others.arguments(baseURL))
      try #require(ending.status == 0, "\(ending.error)")
    }

    @Test("reads a database at rest, and leaves nothing there")
    func atRest() async throws {
      try await serving { baseURL in
        try await finishedRun(baseURL)
        try await others.expectReadable(answers: Self.count...Self.count)
        // Not even a folder that belongs to the reader has to be written to.
        try others.permit(0o555)
        try await others.expectReadable(answers: Self.count...Self.count)
      }
    }

    @Test(
      "sees what a killed run has answered, whatever is left of the log's index",
      arguments: ["as it was", "unreadable", "gone"])
    func killed(index: String) async throws {
      try await serving { baseURL in
        try await finishedRun(baseURL)
        try await others.kill(baseURL)
        switch index {
        case "unreadable": try others.permit(0o600, "inventory.db-shm")
        case "gone": try FileManager.default.removeItem(atPath: folder.path + "/inventory/inventory.db-shm")
        default: break
        }
        let answers = try others.answersOfAll()
        #expect(answers > Self.count)
        try await others.expectReadable(answers: answers...answers)
        // Nor does the owner write, who may.
        let before = try others.state()
        #expect(try await others.writer.run(["runs"]).status == 0)
        #expect(try others.state() == before)
        let resumed = try await others.writer.run(others.arguments(baseURL) + ["--resume"])
        #expect(resumed.status == 0, "\(resumed.error)")
        try Inventory(in: folder).expectBalance(lines: Array(2...Self.count + 1))
      }
    }

    @Test("reads beside a run that is at work, which goes on", arguments: [0o644, 0o600] as [mode_t])
    func beside(indexMode: mode_t) async throws {
      try await serving { baseURL in
        try await finishedRun(baseURL)
        let running = try others.writer.start(others.arguments(baseURL, rate: "4"))
        try await wait { try others.answersOfAll() > Self.count }
        try others.permit(indexMode, "inventory.db-shm")
        try await others.expectReadable(answers: Self.count + 1...2 * Self.count, isStill: false)
        #expect(try others.answersOfAll() < 2 * Self.count, "The run has ended before it was read.")
        running.send(SIGTERM)
        #expect(try await running.ending.signal == SIGTERM)
        let resumed = try await others.writer.run(others.arguments(baseURL) + ["--resume"])
        #expect(resumed.status == 0, "\(resumed.error)")
        #expect(try folder.content("inventory").allSatisfy { !$0.contains("db-") })
      }
    }

    @Test("reads a database of an older program as one of today")
    func older() async throws {
      try await serving { baseURL in
        try await finishedRun(baseURL)
        // As the schema's fourth step left it.
        try Shell.run(
          "/usr/bin/sqlite3",
          [
            "inventory/inventory.db",
            """
            DROP VIEW latest_changes; ALTER TABLE results DROP COLUMN previous_run;
            ALTER TABLE results DROP COLUMN previous_line; ALTER TABLE runs DROP COLUMN held; PRAGMA user_version = 4;
            """,
          ], in: folder)
        try await others.expectReadable(answers: Self.count...Self.count)
      }
    }

    @Test("reads from a file system that nobody may write to, a log that was left there included")
    func readOnlyFileSystem() async throws {
      try await serving { baseURL in
        try await finishedRun(baseURL)
        try await Mount.using(size: "8m", at: "frozen", in: folder) { mount in
          try await others.kill(baseURL)
          for name in ["inventory.db", "inventory.db-wal"] {
            try folder.write("frozen/" + name, try folder.data("inventory/" + name))
          }
          try mount.freeze()
          let content = try folder.content("frozen")
          let answers = try others.answersOfAll()
          for command in [
            ["query", "SELECT count(*) AS n FROM results WHERE outcome IS NOT NULL", "--format", "csv"], ["runs"],
            ["changes", "--all"], ["report", "--run", "1", "-o", "elsewhere"],
          ] {
            let ending = try await others.reader.run(command + ["--database", "frozen/inventory.db"])
            #expect(ending.status == 0, "\(command): \(ending.error)")
            if command[0] == "query" { #expect(ending.output == "n\r\n\(answers)\r\n") }
          }
          #expect(try folder.content("frozen") == content)
        }
      }
    }

    @Test("merges shards that another user keeps")
    func merge() async throws {
      try await serving { [folder] baseURL in
        for number in 1...2 {
          let shard = "inventory/shard-\(number)"
          let ending = try await others.writer.run(
            ["list.csv", "--base-url", baseURL, "--rate", "0", "--shard", "\(number)/2", "-o", shard])
          #expect(ending.status == 0, "\(ending.error)")
        }
        let before = try others.state()
        let ending = try await others.reader.run(["merge", "inventory/shard-1", "inventory/shard-2", "-o", "all"])
        #expect(ending.status == 0, "\(ending.error)")
        #expect(try Inventory(in: folder, "all").csv().count == Self.count)
        #expect(try others.state() == before)
        for number in 1...2 {
          #expect(try folder.content("inventory/shard-\(number)").filter { $0.contains("db") } == ["inventory.db"])
        }
      }
    }

    @Test("is told plainly, with 66, which right is missing", arguments: ["database", "folder", "log"])
    func noRight(missing: String) async throws {
      try await serving { baseURL in
        try await finishedRun(baseURL)
        switch missing {
        case "database": try others.permit(0o600, "inventory.db")
        case "folder": try others.permit(0o700)
        default:
          try await others.kill(baseURL)
          try others.permit(0o600, "inventory.db-wal")
        }
        for command in [["runs"], ["changes"], ["query", "SELECT 1"], ["report", "-o", "-", "--format", "csv"]] {
          let ending = try await others.reader.run(command + ["--database", "inventory/inventory.db"])
          #expect(ending.status == 66, "\(command): \(ending.status) \(ending.error)")
          let name = missing == "log" ? "inventory/inventory.db-wal" : "inventory/inventory.db"
          #expect(
            ending.error.contains("\(name): the database can't be read: permission denied"),
            "\(command): \(ending.error)")
        }
      }
    }

    @Test("may not write: 73 before any request, and nothing is changed")
    func writing() async throws {
      let log = SandboxLog()
      try await SandboxServer(behavior: InventoryOfOthers.behavior, log: log).serving { baseURL in
        try await finishedRun(baseURL)
        let before = try others.state()
        let asked = log.entries.count
        let database = ["--database", "inventory/inventory.db"]
        for command in [
          others.arguments(baseURL) + ["-o", "mine"] + database, ["plan"] + others.arguments(baseURL) + database,
          ["runs", "--keep", "1"] + database, ["runs", "--accept", "1"] + database,
        ] {
          let ending = try await others.reader.run(command)
          #expect(ending.status == 73, "\(command): \(ending.status) \(ending.error)")
          #expect(ending.error.contains("inventory.db"), "\(ending.error)")
        }
        #expect(log.entries.count == asked)
        #expect(try others.state() == before)
      }
    }
  }
}
