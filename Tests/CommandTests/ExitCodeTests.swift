import Foundation
import SandboxGateway
import TestSupport
import Testing

extension TheDatabase {
  @Suite("Exit codes", .timeLimit(.minutes(3)))
  struct ExitCodeTests {
    private let program: Program

    init() throws {
      program = try Program()
      try program.folder.write("list.csv", "project_id\nalpha\nbeta\n")
    }

    /// Runs the list against a sandbox that follows a script.
    private func run(
      _ script: [String: [SandboxReply]], _ arguments: [String] = [], program: Program? = nil
    ) async throws -> Program.Ending {
      let program = program ?? self.program
      let server = SandboxServer(behavior: SandboxBehavior(script: script))
      return try await server.serving { baseURL in
        try await program.run(["list.csv", "--base-url", baseURL, "--rate", "0"] + arguments)
      }
    }

    @Test("0: every row is answered, found or not")
    func complete() async throws {
      let ending = try await run(["alpha": [.flat], "beta": [.notFound]])
      #expect(ending.status == 0)
      #expect(ending.output.isEmpty)
    }

    @Test(
      "2: some row has no answer",
      arguments: [.forbidden, .redirect, .htmlPage, .envelopeFailed, .internalError, .custom(status: 418)]
        as [SandboxReply])
    func incomplete(reply: SandboxReply) async throws {
      let ending = try await run(["alpha": [.flat], "beta": [reply]], ["--max-attempts", "1"])
      #expect(ending.status == 2)
      #expect(ending.error.contains("\nNo answer  1 row: "))
    }

    @Test(
      "64: wrong usage",
      arguments: [
        ["-q"], ["list.csv", "--nonsense"], ["list.csv", "--rate", "fast"], ["list.csv", "--concurrency", "0"],
        ["list.csv", "--format", "pdf"], ["list.csv", "--format", "csv,"], ["list.csv", "--delimiter", "ab"],
        ["list.csv", "--id-column", "0"], ["list.csv", "--base-url", "http://gateway.example.com/v1"],
        ["list.csv", "--base-url", "gateway"], ["list.csv", "--base-url", "https://user:canary@gateway.example.com"],
        ["list.csv", "--sandbox", "--base-url", "http://127.0.0.1:1/"], ["list.csv", "-q", "-v"],
        ["list.csv", "--max-attempts", "0"], ["list.csv", "--timeout", "-1"], ["list.csv", "--burst", "0"],
        ["list.csv", "-o", ""], ["list.csv", "more.csv"], ["list.csv", "--encoding", "ebcdic"],
      ])
    func usage(arguments: [String]) async throws {
      let ending = try await program.run(arguments)
      #expect(ending.status == 64)
      #expect(!ending.error.isEmpty)
      #expect(!ending.error.contains("canary"))
      #expect(try program.folder.content() == ["list.csv"])
    }

    @Test(
      "65: the list can't be used; the message names file, line and what to do, and nothing is written",
      arguments: [
        ("project_id\nalpha\n\"beta\n", "line 3", "quote"),
        ("project_id\nalpha\n\"be\"ta\n", "line 3", "quote"),
        ("name;owner\nalpha;Ana\n", "line 1", "--id-column"),
        ("project_id,owner\nalpha,Ana,more\n", "line 2", "--delimiter"),
        ("project_id\nal\0pha\n", "line 2", "NUL"),
        ("", "", "empty"), ("\n\n\r\n", "", "empty"), ("project_id,owner\n", "", "no rows"),
      ])
    func unusableList(content: String, line: String, advice: String) async throws {
      try program.folder.write("list.csv", content)
      let ending = try await program.run(["list.csv", "--base-url", "http://127.0.0.1:1/v1"])
      #expect(ending.status == 65)
      #expect(ending.error.contains("list.csv"))
      #expect(line.isEmpty || ending.error.contains(line))
      #expect(ending.error.contains(advice))
      #expect(try program.folder.content() == ["list.csv"])
    }

    @Test("65: a byte that is not UTF-8, far into the list: file and line, and nothing is written")
    func undecodable() async throws {
      var list = Data("project_id\n".utf8)
      for line in 2...30_000 { list.append(contentsOf: "project-\(line)\n".utf8) }
      list.append(contentsOf: [0x63, 0x61, 0x66, 0xE9, 0x0A])
      try program.folder.write("list.csv", list)
      let ending = try await program.run(["list.csv", "--base-url", "http://127.0.0.1:1/v1"])
      #expect(ending.status == 65)
      #expect(ending.error.contains("list.csv line 30001"))
      #expect(ending.error.contains("--encoding windows-1252"))
      #expect(try program.folder.content() == ["list.csv"])
    }

    @Test(
      "65: no key, or one that can't be used, is told before any request and without printing it",
      arguments: [
        [:], ["JELOU_API_KEY": ""], ["JELOU_API_KEY": "canary\nkey"], ["JELOU_API_KEY": "canary key"],
        ["JELOU_CLIENT_ID": "canary"], ["JELOU_API_KEY": "canary", "JELOU_CLIENT_ID": "canary"],
      ] as [[String: String]])
    func noKey(environment: [String: String]) async throws {
      var program = program
      program.environment = environment
      let log = SandboxLog()
      let ending = try await SandboxServer(log: log).serving { [program] baseURL in
        try await program.run(["list.csv", "--base-url", baseURL])
      }
      #expect(ending.status == 65)
      #expect(ending.error.contains("JELOU_"))
      #expect(!ending.error.contains("canary"))
      #expect(log.entries.isEmpty)
      #expect(try program.folder.content() == ["list.csv"])
    }

    @Test(
      "66: an input file is missing or out of reach; its path is named",
      arguments: [
        (["none.csv"], "none.csv"), (["."], "."), (["list.csv", "--api-key-file", "none.key"], "none.key"),
        (["list.csv", "--credentials", "none.csv"], "none.csv"), (["list.csv", "--ca-file", "none.pem"], "none.pem"),
      ])
    func missingInput(arguments: [String], name: String) async throws {
      let ending = try await program.run(arguments + ["--base-url", "http://127.0.0.1:1/v1"])
      #expect(ending.status == 66)
      #expect(ending.error.contains(name))
      #expect(ending.error.contains("Check the path and its permissions"))
      #expect(try program.folder.content() == ["list.csv"])
    }

    @Test("69: requests were made and not one HTTP answer came")
    func unreachable() async throws {
      let ending = try await program.run(
        ["list.csv", "--base-url", "http://127.0.0.1:1/v1", "--rate", "0", "--max-attempts", "2"])
      #expect(ending.status == 69)
      #expect(ending.error.contains("127.0.0.1:1"))
      try Inventory(in: program.folder).expectBalance(lines: [2, 3])
    }

    @Test(
      "73: the reports or the database can't be written; told before any request, and nothing is left",
      arguments: [
        ["-o", "file"], ["-o", "file/below"], ["-o", "taken"], ["--database", "taken"], ["--database", "file"],
      ])
    func unwritable(arguments: [String]) async throws {
      try program.folder.write("file", "I am a file, and no database.")
      try FileManager.default.createDirectory(
        atPath: program.folder.path + "/taken/inventory.html", withIntermediateDirectories: true)
      let log = SandboxLog()
      let ending = try await SandboxServer(log: log).serving { [program] baseURL in
        try await program.run(["list.csv", "--base-url", baseURL] + arguments)
      }
      #expect(ending.status == 73)
      #expect(ending.error.contains("choose another"))
      #expect(log.entries.isEmpty)
      #expect(try program.folder.text("file") == "I am a file, and no database.")
      #expect(try program.folder.content("taken") == ["inventory.html"])
      #expect(try program.folder.content() == ["file", "list.csv", "taken"])
    }

    @Test("73: the list is never overwritten, under whatever name it is given")
    func ownInput() async throws {
      try program.folder.write("inventory.csv", "project_id\nalpha\n")
      try FileManager.default.createSymbolicLink(
        atPath: program.folder.path + "/link.csv", withDestinationPath: "inventory.csv")
      for list in ["inventory.csv", "./inventory.csv", "link.csv"] {
        let ending = try await program.run([list, "-o", ".", "--sandbox"])
        #expect(ending.status == 73)
        #expect(try program.folder.text("inventory.csv") == "project_id\nalpha\n")
      }
      #expect(try program.folder.content() == ["inventory.csv", "link.csv", "list.csv"])
    }

    @Test(
      "73: no output may be in the place of another or of an input",
      arguments: [
        ["--database", "out/inventory.csv"], ["--database", "out/manifest.json"],
        ["--database", "./out/inventory.html"],
        ["--database", "out/.inventory.csv.partial"], ["--credentials", "keys.csv"],
      ])
    func collidingPlaces(arguments: [String]) async throws {
      try FileManager.default.createDirectory(atPath: program.folder.path + "/out", withIntermediateDirectories: true)
      try program.folder.write("out/manifest.json", "canary-key")
      try program.folder.write("keys.csv", "name,api_key\na,file:out/manifest.json\n")
      let ending = try await program.run(["list.csv", "--sandbox", "-o", "out"] + arguments)
      #expect(ending.status == 73, "\(ending.error)")
      #expect(!ending.error.contains("canary"))
      #expect(try program.folder.content("out") == ["manifest.json"])
      #expect(try program.folder.text("out/manifest.json") == "canary-key")
    }

    @Test("65: a key file without an end is not read to it")
    func endlessKey() async throws {
      let ending = try await program.run(
        ["list.csv", "--api-key-file", "/dev/zero", "--base-url", "http://127.0.0.1:1/v1"])
      #expect(ending.status == 65)
    }

    @Test("a rehearsal takes no notice of real keys, however they are set")
    func rehearsal() async throws {
      var program = program
      program.environment = ["JELOU_CLIENT_ID": "half", "JELOU_API_KEY": "revoked"]
      let ending = try await program.run(["list.csv", "--sandbox", "--rate", "0", "--max-attempts", "3"])
      #expect(ending.status == 0, "\(ending.error)")
    }

    @Test("77: every credential in use got nothing but 401")
    func refusedCredentials() async throws {
      var program = program
      program.environment = ["JELOU_API_KEY": "revoked-canary"]
      let ending = try await run([:], program: program)
      #expect(ending.status == 77)
      #expect(!ending.error.contains("canary"))
      try Inventory(in: program.folder).expectBalance(lines: [2, 3])
    }

    @Test("3, 69 and 77 print their reason even with --quiet: nobody reads the exit code of a job that is run by cron")
    func quiet() async throws {
      var program = program
      let unreachable = try await program.run([
        "list.csv", "--base-url", "http://127.0.0.1:\(try Loopback.freePort())", "--max-attempts", "1", "--rate", "0",
        "--quiet",
      ])
      #expect(unreachable.status == 69)
      #expect(unreachable.error.hasPrefix("error: No HTTP response came from http://127.0.0.1:"))
      program.environment = ["JELOU_API_KEY": "revoked-key-of-a-test"]
      let refused = try await run([:], ["--quiet"], program: program)
      #expect(refused.status == 77)
      #expect(refused.error.hasPrefix("error: The gateway refused every credential (401)"))
      let ids = (1...12).map { "project-\($0)" }
      try program.folder.writeList(ids)
      let script = Dictionary(uniqueKeysWithValues: ids.map { ($0, [SandboxReply.notFound]) })
      let held = try await run(script, ["--quiet", "--output", "held"])
      #expect(held.status == 3)
      #expect(held.error.hasPrefix("error: Run 1 is held: "))
      #expect([unreachable, refused, held].allSatisfy { $0.error.split(separator: "\n").count == 1 })
    }

    @Test("help and version end with 0, on standard output")
    func help() async throws {
      for arguments in [
        ["--help"], ["run", "--help"], ["plan", "--help"], ["report", "--help"], ["sandbox", "--help"], ["--version"],
      ] {
        let ending = try await program.run(arguments)
        #expect(ending.status == 0)
        #expect(!ending.output.isEmpty)
        #expect(ending.error.isEmpty)
      }
    }
  }
}
