import Foundation
import Glibc
import SandboxGateway
import Testing

extension TheDatabase {
  /// SQLite takes some names for something else than a file of that name, and knows its log by the name alone.
  @Suite("Names of a database", .timeLimit(.minutes(5)))
  struct DatabaseNameTests {
    private let program: Program
    private let log = SandboxLog()
    private static let count = 40

    init() throws {
      program = try Program()
      try program.folder.writeList((1...Self.count).map { "project-\($0)" })
    }

    private func serving(_ body: @escaping @Sendable (_ run: [String]) async throws -> Void) async throws {
      let behavior = SandboxBehavior(others: .enveloped)
      try await SandboxServer(behavior: behavior, log: log).serving { baseURL in
        try await body(["list.csv", "--base-url", baseURL])
      }
    }

    private func link(_ name: String, to target: String) throws {
      let folder = program.folder.path
      try FileManager.default.linkItem(atPath: "\(folder)/\(target)", toPath: "\(folder)/\(name)")
    }

    private func folder(_ name: String) throws {
      try FileManager.default.createDirectory(
        atPath: program.folder.path + "/" + name, withIntermediateDirectories: true)
    }

    private static let oddNames = [
      "file:x.db", "file:x.db?mode=memory", "file:%78.db", ":memory:", "a?b#c%20d.db", " spaces .db", "new\nline.db",
      "-dash.db", "caf\u{E9}.db", "cafe\u{301}.db", "file:folder/x.db", "'quoted\".db",
    ]

    @Test("lead every command to the file of exactly that name", arguments: oddNames)
    func odd(name: String) async throws {
      try await serving { [program] run in
        let parts = name.split(separator: "/").map(String.init)
        try folder("reports")
        if parts.count > 1 { try folder(parts[0]) }
        let database = ["--database=" + name]
        let reports = ["-o", "reports", "--rate", "0"]
        #expect(try await program.run(run + database + reports).status == 0)
        #expect(try await program.run(run + database + reports).status == 0)
        for command in [
          ["runs", "--format", "csv"], ["query", "SELECT id FROM runs", "--format", "csv"],
        ] {
          let ending = try await program.run(command + database)
          #expect(
            ending.status == 0 && ending.output.split(whereSeparator: \.isNewline).count == 3, "\(command): \(ending)")
        }
        for command in [
          ["changes", "--all"], ["report", "-o", "reports"], ["plan"] + run + ["--retry-failed"] + reports,
          run + ["--retry-failed"] + reports, ["runs", "--keep", "1"],
        ] {
          let ending = try await program.run(command + database)
          #expect(ending.status == 0, "\(command): \(ending.error)")
        }
        let content = try program.folder.content()
        #expect(content == ["list.csv", "reports", parts[0]].sorted(), "\(content)")
        if parts.count > 1 { #expect(try program.folder.content(parts[0]) == [parts[1]]) }
        #expect(try program.folder.data(name).starts(with: Data("SQLite format 3".utf8)))
      }
    }

    @Test(
      "of one file lead to one lock: the second run ends with 75, and the first one's rows are there",
      arguments: ["hard link", "hard link beside", "folder mounted twice", "file mounted twice", "linked folder"])
    func atOnce(kind: String) async throws {
      try await serving { [program] run in
        #expect(try await program.run(run + ["-o", "a", "--rate", "0"]).status == 0)
        let mounts = ["folder mounted twice", "file mounted twice"].contains(kind)
        if mounts && !Mount.isPossible { return }
        var other = "b/inventory.db"
        switch kind {
        case "hard link beside":
          other = "a/other.db"
          try link(other, to: "a/inventory.db")
        case "linked folder":
          try FileManager.default.createSymbolicLink(
            atPath: program.folder.path + "/b", withDestinationPath: "a")
        case "hard link":
          try folder("b")
          try link(other, to: "a/inventory.db")
        case "file mounted twice":
          try folder("b")
          try program.folder.write(other, "")
          #expect(try Shell.run("/usr/bin/mount", ["--bind", "a/inventory.db", other], in: program.folder) == 0)
        default:
          try folder("b")
          #expect(try Shell.run("/usr/bin/mount", ["--bind", "a", "b"], in: program.folder) == 0)
        }
        defer {
          if mounts {
            for name in ["b/inventory.db", "b"] {
              _ = try? Shell.run("/usr/bin/umount", ["-l", name], in: program.folder)
            }
          }
        }
        let running = try program.start(run + ["-o", "a", "--rate", "8"])
        try await wait { log.entries.count > Self.count + 3 }
        for command in [
          run + ["-o", "c", "--database", other, "--rate", "0"],
          ["plan"] + run + ["-o", "c", "--database", other, "--rate", "0"],
          ["runs", "--keep", "1", "--database", other],
        ] {
          let second = try await program.run(command)
          #expect(second.status == 75, "\(command): \(second.status) \(second.error)")
        }
        // Who only reads sees what is there so far, whichever name it is read by.
        let seen = try await program.run([
          "query", "SELECT count(*) > 40 AS n FROM results WHERE outcome IS NOT NULL", "--format", "csv", "--database",
          other,
        ])
        #expect(seen.output == "n\r\n1\r\n", "\(seen)")
        #expect(try await running.ending.status == 0)
        let inventory = Inventory(in: program.folder, "a")
        #expect(try inventory.query("SELECT count(*) FROM results WHERE outcome = 'found'") == ["\(2 * Self.count)"])
        #expect(try inventory.query("SELECT count(*) FROM runs") == ["2"])
        #expect(try inventory.query("PRAGMA integrity_check") == ["ok"])
      }
    }

    @Test("may be used in turn, and no answer is lost: not even those of a killed run, which are in its name's log")
    func inTurn() async throws {
      try await serving { [program] run in
        #expect(try await program.run(run + ["-o", "a", "--rate", "0"]).status == 0)
        try folder("b")
        try link("b/inventory.db", to: "a/inventory.db")
        for name in ["b", "a", "b"] {
          let ending = try await program.run(run + ["-o", name, "--rate", "0"])
          #expect(ending.status == 0, "\(name): \(ending.error)")
        }
        let inventory = Inventory(in: program.folder, "a")
        #expect(try inventory.query("SELECT count(*) FROM runs") == ["4"])
        for (killed, resumed) in [("a", "b"), ("b", "a")] {
          let running = try program.start(run + ["-o", killed, "--rate", "30"])
          let answers = """
            SELECT project_id FROM results JOIN runs ON runs.id = run_id
            WHERE state = 'running' AND outcome IS NOT NULL
            """
          try await wait { try !Inventory(in: program.folder, killed).queryCopy(answers).isEmpty }
          running.send(SIGKILL)
          #expect(try await running.ending.signal == SIGKILL)
          let answered = try Inventory(in: program.folder, killed).queryCopy(answers)
          let askedAgain = log.entries.count
          let ending = try await program.run(run + ["-o", resumed, "--rate", "0", "--resume"])
          #expect(ending.status == 0, "\(ending.error)")
          let again = log.entries.dropFirst(askedAgain).compactMap(\.projectID)
          #expect(Set(again).isDisjoint(with: answered) && again.count + answered.count == Self.count)
          try Inventory(in: program.folder, resumed).expectBalance(lines: Array(2...Self.count + 1))
          #expect(try inventory.query("PRAGMA integrity_check") == ["ok"])
        }
        #expect(try inventory.query("SELECT count(*) FROM runs WHERE state = 'finished'") == ["6"])
      }
    }
  }
}
