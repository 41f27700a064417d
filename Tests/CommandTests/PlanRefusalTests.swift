import Foundation
import SandboxGateway
import Testing

extension TheProgram {
  @Suite("plan and run refuse alike", .timeLimit(.minutes(3)))
  struct PlanRefusalTests {
    private let program: Program

    init() throws {
      program = try Program()
      try program.folder.write("list.csv", "project_id\nalpha\nbeta\n")
    }

    /// Runs both, plan first, and expects one code, one message, no request and nothing left behind.
    private func expectBoth(
      _ arguments: [String], status: Int32, program: Program? = nil, input: String? = nil,
      sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
      let program = program ?? self.program
      let before = try FileManager.default.subpathsOfDirectory(atPath: program.folder.path).sorted()
      let log = SandboxLog()
      try await SandboxServer(log: log).serving { baseURL in
        var endings: [Program.Ending] = []
        for command in ["plan", "run"] {
          let address =
            arguments.contains("--base-url") || arguments.contains("--sandbox") ? [] : ["--base-url", baseURL]
          endings.append(try await program.run([command] + arguments + address, input: input))
          let after = try FileManager.default.subpathsOfDirectory(atPath: program.folder.path).sorted()
          #expect(after == before, "\(command)", sourceLocation: sourceLocation)
        }
        #expect(endings.map(\.status) == [status, status], "\(endings)", sourceLocation: sourceLocation)
        #expect(endings[0].output.isEmpty, sourceLocation: sourceLocation)
        // An error in the command line is followed by a line that names the help of the command.
        let messages = endings.map { $0.error.components(separatedBy: "\nSee 'jelou-inventory ")[0] }
        #expect(messages[0] == messages[1] && !messages[0].isEmpty, sourceLocation: sourceLocation)
      }
      #expect(log.entries.isEmpty, sourceLocation: sourceLocation)
    }

    @Test(
      "64",
      arguments: [
        ["list.csv", "--rate", "fast"], ["list.csv", "--concurrency", "0"], ["list.csv", "--format", "pdf"],
        ["list.csv", "--base-url", "http://gateway.example.com/v1"], ["list.csv", "-q", "-v"], ["list.csv", "-o", ""],
        ["list.csv", "--sandbox", "--base-url", "http://127.0.0.1:1/"], ["list.csv", "--retry-failed"],
        ["list.csv", "--resume", "--retry-failed"], ["list.csv", "--language", "xx"], ["list.csv", "--fail-on", "x"],
        ["list.csv", "--stale-after", "0"], [""],
      ])
    func usage(arguments: [String]) async throws { try await expectBoth(arguments, status: 64) }

    @Test(
      "65 for the list",
      arguments: [
        "project_id\nalpha\n\"beta\n", "project_id\nalpha\n\"be\"ta\n", "name;owner\nalpha;Ana\n",
        "project_id,owner\nalpha,Ana,more\n", "project_id\nal\0pha\n", "", "\n\n\r\n", "project_id,owner\n",
        "id,id\n1,2\n", "project_id\nalpha\ncanary-key-4711\n",
      ])
    func list(content: String) async throws {
      try program.folder.write("list.csv", content)
      try await expectBoth(["list.csv"], status: 65)
      try await expectBoth(["-"], status: 65, input: content)
    }

    @Test(
      "65 for the keys",
      arguments: [
        [:], ["JELOU_API_KEY": ""], ["JELOU_API_KEY": "canary\nkey"], ["JELOU_CLIENT_ID": "canary"],
        ["JELOU_API_KEY": "canary", "JELOU_CLIENT_ID": "canary"],
        ["JELOU_API_KEY": "canary-key", "HTTPS_PROXY": "nonsense://x"],
      ] as [[String: String]])
    func keys(environment: [String: String]) async throws {
      var program = program
      program.environment = environment
      let proxied = environment["HTTPS_PROXY"] == nil ? [] : ["--base-url", "https://gateway.example/v1"]
      try await expectBoth(["list.csv"] + proxied, status: 65, program: program)
    }

    @Test(
      "65 and 66 for files",
      arguments: [
        (66, ["none.csv"]), (66, ["."]), (66, ["list.csv", "--api-key-file", "none.key"]),
        (66, ["list.csv", "--credentials", "none.csv"]), (66, ["list.csv", "--ca-file", "none.pem"]),
        (66, ["list.csv", "--templates", "none"]), (65, ["list.csv", "--ca-file", "list.csv"]),
        (65, ["list.csv", "--credentials", "list.csv"]),
      ] as [(Int32, [String])])
    func files(status: Int32, arguments: [String]) async throws { try await expectBoth(arguments, status: status) }

    @Test(
      "73 for places that can't be written",
      arguments: [
        ["-o", "file"], ["-o", "file/below"], ["-o", "new/below/file/../../../file"], ["-o", "taken"],
        ["-o", "link"], ["--database", "taken"], ["--database", "file"], ["--database", "file/inventory.db"],
        ["-o", "out", "--database", "out/inventory.csv"], ["-o", "out", "--database", "out/manifest.json"],
        ["-o", "out", "--database", "./out/deep/../.inventory.csv.partial"], ["-o", "out", "--database", "list.csv"],
        ["--credentials", "taken/inventory.csv", "-o", "taken"], ["--database", "foreign.db"],
        ["--database", "newer.db"],
      ])
    func places(arguments: [String]) async throws {
      let folder = program.folder
      try folder.write("file", "I am a file, and no database.")
      try FileManager.default.createDirectory(
        atPath: folder.path + "/taken/inventory.html", withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: "nowhere")
      try folder.write("taken/inventory.csv", "name,api_key\na,canary-key\n")
      try #require(try Shell.run("/usr/bin/sqlite3", ["foreign.db", "CREATE TABLE t (x)"], in: folder) == 0)
      let newer = "CREATE TABLE runs (x); PRAGMA application_id = \(0x4A49_4E56); PRAGMA user_version = 99"
      try #require(try Shell.run("/usr/bin/sqlite3", ["newer.db", newer], in: folder) == 0)
      try await expectBoth(["list.csv"] + arguments, status: 73)
    }

    @Test("73 for a file system that is read-only", .enabled(if: Mount.isPossible))
    func frozen() async throws {
      try await Mount.using(size: "4m", at: "frozen", in: program.folder) { mount in
        let run = ["list.csv", "--sandbox", "-o", "frozen", "--rate", "0", "--max-attempts", "1"]
        #expect([0, 2].contains(try await program.run(run).status))
        try mount.freeze()
        for places in [
          ["-o", "frozen"], ["-o", "frozen/new"], ["-o", "open", "--database", "frozen/inventory.db"],
          ["-o", "open", "--database", "frozen/new/inventory.db"],
        ] {
          try await expectBoth(["list.csv"] + places, status: 73)
        }
      }
    }

    @Test("75 while a run is at work, and the run is not disturbed")
    func atWork() async throws {
      // Long enough for six programs to start and end beside it on a slow machine.
      try program.folder.writeList((1...400).map { "project-\($0)" })
      let running = try program.start(["list.csv", "--sandbox", "--rate", "20", "--max-attempts", "1"])
      try await wait { program.folder.exists("inventory/inventory.db-wal") }
      for arguments in [[], ["--resume"], ["-o", "other", "--database", "inventory/inventory.db"]] {
        let plan = try await program.run(["plan", "list.csv", "--sandbox"] + arguments)
        let run = try await program.run(["list.csv", "--sandbox"] + arguments)
        #expect(plan.status == 75 && run.status == 75)
        #expect(plan.error == run.error && plan.error.contains("process \(running.id)"))
      }
      #expect(!program.folder.exists("other"))
      #expect([0, 2].contains(try await running.ending.status))
      try Inventory(in: program.folder).expectBalance(lines: Array(2...401))
      // A lock that a killed process has left holds nobody up.
      try program.folder.write("inventory/.inventory.lock", "process 1, since long ago\n")
      #expect(try await program.run(["plan", "list.csv", "--sandbox"]).status == 0)
      #expect(program.folder.exists("inventory/.inventory.lock"))
    }
  }
}
