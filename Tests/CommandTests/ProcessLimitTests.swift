import Foundation
import InventoryModel
import SandboxGateway
import Testing

/// A list, and the program under limits that the system sets to the process, as `ulimit` does in a shell.
private struct LimitedProgram {
  static let rows = 200
  let program: Program

  init() throws {
    program = try Program()
    try program.folder.writeList((1...Self.rows).map { "project-\($0)" })
  }

  func program(under limit: String) -> Program {
    var program = program
    program.wrapper = ["/usr/bin/prlimit", limit]
    return program
  }

  /// Runs for over a second: so long takes the system's thread pool to look at its threads for the first time.
  func arguments(_ concurrency: Int) -> [String] {
    ["list.csv", "--rate", "150", "--burst", "20", "--concurrency", String(concurrency), "--format", "csv,xlsx"]
  }
}

extension TheWaits {
  @Suite("A limit on open files", .serialized, .timeLimit(.minutes(10)))
  struct OpenFileLimitTests {
    private let limited: LimitedProgram
    private var program: Program { limited.program }

    init() throws {
      limited = try LimitedProgram()
    }

    /// Either nothing was begun, or the gateway has answered for every row.
    private func expectWholeOrNothing(_ ending: Program.Ending, _ comment: Comment) throws {
      #expect(ending.signal == nil, comment)
      if ending.status == 73 {
        #expect(ending.error.contains("files and connections (ulimit -Hn), but"), comment)
        #expect(!program.folder.exists("inventory"), comment)
      } else {
        #expect([0, 2].contains(ending.status), comment)
        let records = try Inventory(in: program.folder).csv()
        #expect(records.count == LimitedProgram.rows, comment)
        for record in records where record["http_status"] == "" {
          Issue.record("\(record["error_code"] ?? ""): \(record["error_message"] ?? "") \(comment)")
        }
      }
    }

    private static let openFileLimits = [12, 24, 40, 48, 64]

    @Test(
      "on open files begins nothing, or loses no row: against a gateway elsewhere",
      arguments: openFileLimits, [1, 200])
    func openFiles(limit: Int, concurrency: Int) async throws {
      let behavior = SandboxBehavior(latency: .milliseconds(20), others: .enveloped)
      let ending = try await SandboxServer(behavior: behavior).serving { [self] baseURL in
        try await limited.program(under: "--nofile=\(limit):\(limit)").run(
          limited.arguments(concurrency) + ["--base-url", baseURL])
      }
      try expectWholeOrNothing(ending, "\(limit), \(concurrency): \(ending.status) \(ending.error)")
      if limit >= 44 { #expect(ending.status == 0, "\(ending.error)") }
      if limit >= 44, concurrency == 200 {
        #expect(ending.error.contains("in flight instead of --concurrency 200"), "\(ending.error)")
      }
    }

    @Test(
      "on open files begins nothing, or loses no row: against the sandbox in the same process",
      arguments: openFileLimits, [1, 200])
    func openFilesOfSandbox(limit: Int, concurrency: Int) async throws {
      let ending = try await limited.program(under: "--nofile=\(limit):\(limit)").run(
        limited.arguments(concurrency) + ["--sandbox"])
      try expectWholeOrNothing(ending, "\(limit), \(concurrency): \(ending.status) \(ending.error)")
      if limit >= 48 { #expect(ending.status == 2, "\(ending.error)") }
    }

    @Test("on open files leaves a sandbox running that more clients want than it can serve")
    func sandboxByItself() async throws {
      let sandbox = try limited.program(under: "--nofile=60:60").start(["sandbox", "--latency-ms", "20"])
      defer { sandbox.send(SIGKILL) }
      let ending = try await address(of: sandbox) { baseURL in
        try await program.run([
          "list.csv", "--base-url", baseURL, "--rate", "0", "--concurrency", "100", "--timeout", "2s",
          "--max-attempts", "1", "--format", "csv",
        ])
      }
      // Whoever has a connection keeps it, so that others may have waited in vain.
      #expect(ending.status == 2, "\(ending.error)")
      sandbox.send(SIGTERM)
      let end = try await sandbox.ending
      #expect(end.signal == nil || end.signal == SIGTERM, "\(end.error)")
    }

    /// Waits for the sandbox's first line.
    private func address(
      of sandbox: RunningProgram, _ body: (String) async throws -> Program.Ending
    ) async throws -> Program.Ending {
      var baseURL: String?
      try await wait {
        let files = try FileManager.default.contentsOfDirectory(atPath: program.folder.outside.path())
        for file in files where file.hasSuffix(".out") {
          let text = try String(contentsOf: program.folder.outside.appending(component: file), encoding: .utf8)
          if text.hasPrefix("http://"), text.hasSuffix("\n") { baseURL = String(text.dropLast()) }
        }
        return baseURL != nil
      }
      return try await body(try #require(baseURL))
    }

    @Test(
      "on open files does not crash any other command",
      arguments: [
        ["report"], ["changes"], ["runs"], ["query", "SELECT 1"], ["plan", "list.csv", "--sandbox"],
        ["merge", "inventory/inventory.db", "--database", "merged.db"], ["runs", "--keep", "1"],
      ])
    func otherCommands(arguments: [String]) async throws {
      #expect(try await program.run(["list.csv", "--sandbox", "--rate", "0", "--format", "csv"]).status == 2)
      for limit in [20, 35, 50] {
        let ending = try await limited.program(under: "--nofile=\(limit):\(limit)").run(arguments)
        #expect(ending.signal == nil, "\(limit): \(ending.error)")
        #expect(ending.status != 70, "\(limit): \(ending.error)")
        if limit <= 24 { #expect(ending.status == 73 && ending.error.contains("ulimit -Hn"), "\(ending.error)") }
      }
    }
  }

  @Suite("A limit on threads or on the size of files", .serialized, .timeLimit(.minutes(10)))
  struct ProcessLimitTests {
    private let limited: LimitedProgram
    private var program: Program { limited.program }

    init() throws {
      limited = try LimitedProgram()
    }

    /// With fewer than four, the language's runtime waits for ever before the program's first line.
    @Test("on threads begins nothing, or loses no row", arguments: [4, 8, 16, 64])
    func threads(limit: Int) async throws {
      try #require(getuid() == 0, "It takes a user of whom nobody else has a thread.")
      var program = limited.program(under: "--nproc=\(limit):\(limit)")
      let id = UInt32(61_000 + limit)
      program.user = OrdinaryUser.command(as: .init(user: id, group: id))
      try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: program.folder.path)
      let ending = try await program.run(limited.arguments(8) + ["--sandbox"], limit: .seconds(20))
      #expect(ending.signal == nil, "\(limit): \(ending.error)")
      if ending.status == 73 {
        #expect(ending.error.contains("threads (ulimit -Hu), but"), "\(ending.error)")
        #expect(!program.folder.exists("inventory"))
      } else {
        #expect(ending.status == 2 && limit >= 16, "\(limit): \(ending.error)")
      }
    }

    @Test(
      "on the size of files ends with 73 and the file's name, not by a signal; the run goes on when it is raised",
      arguments: [20_000, 100_000, 200_000, 1_000_000])
    func fileSize(limit: Int) async throws {
      let arguments = ["list.csv", "--sandbox", "--rate", "0", "--format", "csv,jsonl,html,xlsx"]
      var program = limited.program(under: "--fsize=\(limit)")
      // Whoever runs the tests may ignore the signal, which is inherited.
      program.wrapper = ["/usr/bin/perl", "-e", "$SIG{XFSZ} = 'DEFAULT'; exec @ARGV", "--"] + program.wrapper
      let ending = try await program.run(arguments)
      #expect(ending.signal == nil, "\(ending.error)")
      #expect(limit >= 1_000_000 ? [2, 73].contains(ending.status) : ending.status == 73, "\(ending.error)")
      #expect(ending.status == 2 || ending.error.contains("inventory/"), "\(ending.error)")
      let resumed = try await self.program.run(arguments + ["--resume"])
      #expect(resumed.status == 2, "\(resumed.error)")
      #expect(try Inventory(in: program.folder).csv().count == LimitedProgram.rows)
    }
  }
}
