import Foundation
import SandboxGateway
import TestSupport
import Testing

extension TheWaits {
  /// What a command is at when a signal comes must not matter, nor that nobody reads what it prints.
  @Suite("A signal at any time", .serialized, .timeLimit(.minutes(3)))
  struct SignalStageTests {
    enum Stage: String, CaseIterable {
      case runReading, runWaitingForDatabase, runCollecting, runPrinting
      case planReading, planProbing
      case mergePrinting, reportPrinting, changesPrinting, runsPrinting
      case queryComputing, queryPrinting
      case sandboxServing
    }

    private let program: Program
    private static let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "

    init() throws {
      program = try Program()
      try program.folder.writeList((1...100).map { "project-\($0)" })
    }

    private func take(_ options: [String] = []) async throws {
      let ending = try await program.run(
        ["list.csv", "--sandbox", "--rate", "0", "--max-attempts", "1", "--format", "csv"] + options)
      #expect([0, 2].contains(ending.status), "\(ending.error)")
    }

    /// Holds the database's write lock until its standard input is closed.
    private func holdDatabase(_ path: String, _ input: Pipe) throws -> Process {
      let process = Process()
      let command = Shell.withSignals + program.user + ["/usr/bin/sqlite3", program.folder.path + "/" + path]
      process.executableURL = URL(filePath: command[0])
      process.arguments = Array(command.dropFirst())
      let output = Pipe()
      process.standardInput = input
      process.standardOutput = output
      try process.run()
      try input.fileHandleForWriting.write(contentsOf: Data("BEGIN IMMEDIATE;\nSELECT 'held';\n".utf8))
      _ = try output.fileHandleForReading.read(upToCount: 5)
      return process
    }

    private func arguments(of stage: Stage, hangingGateway: String) async throws -> [String] {
      let gateway = ["--base-url", hangingGateway, "--rate", "0"]
      switch stage {
      case .runReading: return ["run", "-", "--sandbox", "-o", "new"]
      case .runWaitingForDatabase:
        try await take()
        return ["run", "list.csv", "--sandbox"]
      case .runCollecting: return ["run", "list.csv"] + gateway
      case .runPrinting: return ["run", "list.csv", "--sandbox", "--rate", "0", "-o", "-", "--format", "jsonl"]
      case .planReading: return ["plan", "-", "--sandbox"]
      case .planProbing: return ["plan", "list.csv", "--probe"] + gateway
      case .mergePrinting:
        for shard in 1...2 { try await take(["--shard", "\(shard)/2", "-o", "shard-\(shard)"]) }
        return ["merge", "shard-1", "shard-2", "--database", "merged.db", "-o", "-", "--format", "csv"]
      case .reportPrinting:
        try await take()
        return ["report", "--database", "inventory/inventory.db", "-o", "-", "--format", "csv"]
      case .changesPrinting:
        try await take()
        return ["changes", "--format", "csv"]
      case .runsPrinting:
        try await take()
        return ["runs"]
      case .queryComputing:
        try await take()
        return ["query", Self.endless + "SELECT count(*) FROM n", "--time-limit", "0"]
      case .queryPrinting:
        try await take()
        return ["query", Self.endless + "SELECT i FROM n", "--format", "csv"]
      case .sandboxServing: return ["sandbox"]
      }
    }

    @Test(
      "ends the command soon, in a shell and as process 1, though nobody reads what it prints",
      arguments: Stage.allCases, [false, true])
    func stage(stage: Stage, isProcess1: Bool) async throws {
      if isProcess1, !Program.canBeProcess1 { return }
      try await ScriptedServer.serving(.request, .stall) { server in
        let arguments = try await arguments(of: stage, hangingGateway: server.baseURL)
        let (input, lock) = (Pipe(), Pipe())
        var holder: Process?
        if stage == .runWaitingForDatabase { holder = try holdDatabase("inventory/inventory.db", lock) }
        let (output, error) = (try StalledPipe(), try StalledPipe())
        defer {
          output.close()
          error.close()
        }
        let running = try (isProcess1 ? program.asProcess1() : program).start(
          arguments, standardInput: input.fileHandleForReading,
          standardOutput: stage.rawValue.hasSuffix("Printing") ? output.writing : nil, standardError: error.writing,
          limit: .seconds(40))
        if stage == .runCollecting { try await wait { server.record.requests.count >= 8 } }
        if stage == .planProbing { try await wait { server.record.requests.count >= 1 } }
        try await Task.sleep(for: .milliseconds(1500))
        let id = isProcess1 ? try await running.child() : running.id
        let begin = ContinuousClock.now
        kill(id, SIGTERM)
        let ending = try await running.ending
        #expect(ContinuousClock.now - begin < .seconds(15))
        if stage == .sandboxServing {
          #expect(ending.status == 0 && ending.signal == nil && ending.output.hasPrefix("http://127.0.0.1:"))
        } else if isProcess1 {
          #expect(ending.status == 143 && ending.signal == nil)
        } else {
          #expect(ending.signal == SIGTERM)
        }
        try lock.fileHandleForWriting.close()
        holder?.waitUntilExit()
        try input.fileHandleForWriting.close()
        if stage == .runReading { #expect(!program.folder.exists("new")) }
        if stage == .reportPrinting {
          #expect(try !program.folder.content("inventory").contains { $0.contains("lock") })
        }
      }
    }

    @Test(
      "leaves the reports of a run as process 1, with the exit code of the signal",
      .enabled(if: Program.canBeProcess1, "needs root"), arguments: [SIGINT, SIGTERM, SIGHUP])
    func processOne(signal: Int32) async throws {
      let log = SandboxLog()
      try await SandboxServer(log: log).serving { [program] baseURL in
        let running = try program.asProcess1().start(
          ["list.csv", "--base-url", baseURL, "--rate", "10", "--max-attempts", "1"], limit: .seconds(40))
        try await wait { log.entries.count >= 5 }
        kill(try await running.child(), signal)
        let ending = try await running.ending
        #expect(ending.status == 128 + signal && ending.signal == nil)
        #expect(ending.error.contains("notice: stopping"))
        #expect(ending.error.contains("Continue with the same command and --resume."))
        let inventory = Inventory(in: program.folder)
        try inventory.expectBalance(lines: Array(2...101))
        #expect(try inventory.manifest()["state"] as? String == "interrupted")
      }
    }

    @Test("ends a run at once when it is the second one and the disk hangs under a report")
    func hangingDisk() async throws {
      var program = program
      let folder = program.folder.path
      program.wrapper =
        ["/usr/bin/strace", "-f", "-qq", "-o", "/dev/null", "-P", folder + "/inventory/.inventory.csv.partial"]
        + ["-e", "inject=fsync,fdatasync:delay_enter=30000000"]
      let pipe = try StalledPipe()
      defer { pipe.close() }
      let running = try program.start(
        ["list.csv", "--sandbox", "--rate", "0", "--max-attempts", "1", "-v"], standardError: pipe.writing)
      try await wait { program.folder.exists("inventory/.inventory.csv.partial") }
      try await Task.sleep(for: .seconds(2))
      let id = try await running.child()
      kill(id, SIGTERM)
      try await Task.sleep(for: .seconds(1))
      #expect(kill(id, 0) == 0, "it waits for the report")
      kill(id, SIGTERM)
      // Only the call that hangs is left of it, as with a real disk. The tracer may keep other threads stopped at their end.
      try await wait { try Self.threadStates(of: id).allSatisfy { $0 == "Z" || $0 == "t" } }
      running.send(SIGKILL)
      _ = try await running.ending
    }

    /// The states of a process's threads, as in proc(5).
    private static func threadStates(of process: Int32) throws -> [Character] {
      let folder = "/proc/\(process)/task"
      return try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { thread in
        try? String(contentsOfFile: "\(folder)/\(thread)/stat", encoding: .utf8).split(separator: ") ").last?.first
      }
    }

    @Test("that the process was started to ignore stays ignored: SIGINT in the background, SIGHUP under nohup")
    func ignored() async throws {
      let log = SandboxLog()
      try await SandboxServer(log: log).serving { [program] baseURL in
        var program = program
        program.wrapper = ["/bin/sh", "-c", #"trap '' INT HUP; exec "$0" "$@""#]
        let running = try program.start(["list.csv", "--base-url", baseURL, "--rate", "20", "--max-attempts", "1"])
        try await wait { log.entries.count >= 5 }
        for signal in [SIGINT, SIGHUP] { running.send(signal) }
        let asked = log.entries.count
        try await wait { log.entries.count >= asked + 20 }
        running.send(SIGTERM)
        let ending = try await running.ending
        #expect(ending.signal == SIGTERM)
        #expect(ending.error.components(separatedBy: "notice: stopping").count == 2)
      }
    }
  }
}
