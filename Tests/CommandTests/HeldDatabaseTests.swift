import Foundation
import SandboxGateway
import Testing

extension TheWaits {
  /// Viewers and other programs lock databases, for as long as they like.
  @Suite("A database that another program holds", .serialized, .timeLimit(.minutes(5)))
  struct HeldDatabaseTests {
    private let program: Program
    private static let database = "inventory/inventory.db"
    /// Longer than most programs wait for a lock.
    private static let longTime = Duration.seconds(9)

    init() throws {
      program = try Program()
    }

    private func writeList(_ count: Int) throws { try program.folder.writeList((1...count).map { "project-\($0)" }) }

    private func arguments(_ baseURL: String, rate: String = "0") -> [String] {
      ["list.csv", "--base-url", baseURL, "--rate", rate]
    }

    private func expectEachAskedOnce(
      _ log: SandboxLog, _ count: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) {
      let asked = log.entries.compactMap(\.projectID)
      #expect(asked.count == count, sourceLocation: sourceLocation)
      #expect(Set(asked).count == count, sourceLocation: sourceLocation)
    }

    @Test("for 20 seconds while projects are asked costs no answer: the run sends nothing meanwhile, and goes on")
    func whileAsking() async throws {
      try writeList(3000)
      let log = SandboxLog()
      try await SandboxServer(behavior: SandboxBehavior(others: .flat), log: log).serving { [program] baseURL in
        let running = try program.start(arguments(baseURL, rate: "200"), limit: .seconds(180))
        try await wait(for: { log.entries.count >= 500 }, limit: .seconds(30))
        let holder = try DatabaseHolder("BEGIN IMMEDIATE", Self.database, in: program.folder)
        let held = ContinuousClock.now
        let free = try await holder.letGo(after: .seconds(20)).value
        let ending = try await running.ending
        #expect(ending.status == 0, "\(ending.error)")
        #expect(ending.error.contains("\(Self.database): another program has locked the database"))
        #expect(ending.error.contains("the database is unlocked again"))
        // It takes a second to be sure; what was under way then is answered.
        let times = log.entries.map(\.time)
        #expect(times.count { $0 > held + .seconds(5) && $0 < free } == 0)
        #expect(times.contains { $0 > free })
      }
      expectEachAskedOnce(log, 3000)
      let inventory = Inventory(in: program.folder)
      try inventory.expectBalance(lines: Array(2...3001))
      #expect(try inventory.csv().allSatisfy { $0["outcome"] == "found" })
    }

    @Test("at the start is waited for before anything is asked")
    func atTheStart() async throws {
      try writeList(20)
      let log = SandboxLog()
      try await SandboxServer(behavior: SandboxBehavior(others: .flat), log: log).serving { [program] baseURL in
        #expect(try await program.run(arguments(baseURL)).status == 0)
        let holder = try DatabaseHolder("BEGIN IMMEDIATE", Self.database, in: program.folder)
        let release = holder.letGo(after: Self.longTime)
        let ending = try await program.run(arguments(baseURL))
        #expect(ending.status == 0, "\(ending.error)")
        #expect(ending.error.contains("another program has locked the database"))
        let free = try await release.value
        #expect(log.entries.count { $0.time > free } == 20)
        #expect(log.entries.count == 40)
      }
    }

    @Test("at the end is waited for until the run is recorded and its reports are written")
    func atTheEnd() async throws {
      try writeList(20)
      let log = SandboxLog()
      let behavior = SandboxBehavior(latency: .seconds(1), others: .flat)
      try await SandboxServer(behavior: behavior, log: log).serving { [program] baseURL in
        // All at once: between the first answer and the last there is time to take the lock.
        let running = try program.start(arguments(baseURL) + ["--concurrency", "20"])
        try await wait { log.entries.count >= 10 }
        let holder = try DatabaseHolder("BEGIN IMMEDIATE", Self.database, in: program.folder)
        _ = try await holder.letGo(after: Self.longTime).value
        let ending = try await running.ending
        #expect(ending.status == 0, "\(ending.error)")
        #expect(ending.error.contains("another program has locked the database"))
      }
      expectEachAskedOnce(log, 20)
      try Inventory(in: program.folder).expectBalance(lines: Array(2...21))
    }

    @Test("does not hold up a run that is told to end; its answers are not asked for again")
    func signal() async throws {
      try writeList(600)
      let log = SandboxLog()
      let behavior = SandboxBehavior(latency: .milliseconds(100), others: .flat)
      try await SandboxServer(behavior: behavior, log: log).serving { [program] baseURL in
        let running = try program.start(arguments(baseURL, rate: "100"))
        try await wait { log.entries.count >= 200 }
        let holder = try DatabaseHolder("BEGIN IMMEDIATE", Self.database, in: program.folder)
        try await Task.sleep(for: .seconds(4))
        let told = ContinuousClock.now
        running.send(SIGTERM)
        let ending = try await running.ending
        #expect(ending.signal == SIGTERM, "\(ending.error)")
        #expect(ContinuousClock.now - told < .seconds(12))
        #expect(ending.error.contains("All answers so far are saved; continue with --resume."), "\(ending.error)")
        #expect(try program.folder.content("inventory").contains("inventory.db-answers"))
        holder.letGo()
        let resumed = try await program.run(arguments(baseURL, rate: "200") + ["--resume"])
        #expect(resumed.status == 0, "\(resumed.error)")
        #expect(resumed.error.contains("could not be written to the database before"))
      }
      expectEachAskedOnce(log, 600)
      let inventory = Inventory(in: program.folder)
      try inventory.expectBalance(lines: Array(2...601))
      #expect(try inventory.csv().allSatisfy { $0["outcome"] == "found" && $0["attempts"] == "1" })
      #expect(try program.folder.content("inventory").allSatisfy { !$0.contains("-answers") })
    }

    @Test(
      "is waited for by every command that writes",
      arguments: [
        ["runs", "--keep", "1"], ["runs", "--delete", "1"], ["runs", "--accept", "3"],
        ["merge", "one", "two", "-o", "inventory"],
      ])
    func otherCommands(command: [String]) async throws {
      try writeList(12)
      try await SandboxServer(behavior: SandboxBehavior(others: .flat)).serving {
        [program] (baseURL: String) async throws in
        for _ in 1...2 { #expect(try await program.run(arguments(baseURL)).status == 0) }
        for (folder, shard) in [("one", "1/2"), ("two", "2/2")] {
          #expect(try await program.run(arguments(baseURL) + ["-o", folder, "--shard", shard]).status == 0)
        }
      }
      try await SandboxServer(behavior: SandboxBehavior(others: .notFound)).serving {
        [program] (baseURL: String) async throws in
        #expect(try await program.run(arguments(baseURL)).status == 3)
      }
      let holder = try DatabaseHolder("BEGIN IMMEDIATE", Self.database, in: program.folder)
      let release = holder.letGo(after: Self.longTime)
      let ending = try await program.run(command)
      #expect(ending.status == 0, "\(ending.error)")
      #expect(ending.error.contains("\(Self.database): another program has locked the database"), "\(ending.error)")
      _ = try await release.value
      let inventory = Inventory(in: program.folder)
      #expect(try inventory.query("PRAGMA integrity_check") == ["ok"])
      let states = try inventory.query("SELECT state FROM runs WHERE pruned_at IS NULL ORDER BY id")
      let expected =
        switch command[1] {
        case "--accept": ["finished", "finished", "finished"]
        case "one": ["finished", "finished", "held", "finished"]
        default: ["finished", "held"]
        }
      #expect(states == expected)
    }

    @Test("only to read holds up nobody, neither a run nor the deletion of one")
    func viewer() async throws {
      try writeList(500)
      try await SandboxServer(behavior: SandboxBehavior(others: .flat)).serving { [program] baseURL in
        #expect(try await program.run(arguments(baseURL)).status == 0)
        let holder = try DatabaseHolder("BEGIN; SELECT count(*) FROM results", Self.database, in: program.folder)
        for command in [arguments(baseURL), arguments(baseURL), ["runs", "--keep", "1"], ["report"]] {
          let begin = ContinuousClock.now
          let ending = try await program.run(command)
          #expect(ending.status == 0, "\(ending.error)")
          #expect(!ending.error.contains("another program"))
          #expect(ContinuousClock.now - begin < .seconds(20))
        }
        holder.letGo()
      }
      #expect(try Inventory(in: program.folder).query("PRAGMA integrity_check") == ["ok"])
    }

    @Test("on a disk that takes two seconds for each sync leaves at most 2,000 requests without a committed answer")
    func slowDisk() async throws {
      try writeList(20_000)
      let log = SandboxLog()
      var program = program
      program.wrapper = [
        "/usr/bin/strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e",
        "inject=fdatasync,fsync:delay_enter=2000000",
      ]
      try await SandboxServer(behavior: SandboxBehavior(others: .flat), log: log).serving { [program] baseURL in
        let running = try program.start(arguments(baseURL) + ["--concurrency", "50"], limit: .seconds(120))
        try await wait(for: { log.entries.count >= 1500 }, limit: .seconds(60))
        try await Task.sleep(for: .seconds(15))
        let traced = try String(contentsOfFile: "/proc/\(running.id)/task/\(running.id)/children", encoding: .utf8)
        let pid = try #require(traced.split(separator: " ").first.flatMap { Int32($0) })
        let memory = try peakMemory(of: pid)
        kill(pid, SIGKILL)
        _ = try await running.ending
        let requests = log.entries.count
        let committed = try Inventory(in: program.folder).queryCopy(
          "SELECT count(*) FROM results WHERE outcome IS NOT NULL")
        let answers = try #require(committed.first.flatMap { Int($0) })
        #expect(requests - answers <= 2000, "\(requests) requests, \(answers) answers")
        // It goes on, as fast as the disk.
        #expect(requests > 2000)
        #expect(requests < 20_000)
        #expect(memory < 150_000, "\(memory) KiB")
      }
    }

    /// In KiB.
    private func peakMemory(of pid: Int32) throws -> Int {
      let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
      return try #require(line.split(separator: " ").compactMap { Int($0) }.first)
    }
  }
}
