import Foundation
import SandboxGateway
import TestSupport
import Testing

extension TheWaits {
  /// Nobody reads: a pager that shows its first page, a log driver that is stuck, a terminal that is stopped by Ctrl-S.
  @Suite("Nobody who reads", .serialized, .timeLimit(.minutes(4)))
  struct StalledReaderTests {
    private let program: Program

    init() throws {
      program = try Program()
    }

    private func writeList(_ count: Int) throws -> SandboxServer {
      try program.folder.writeList((1...count).map { "project-\($0)" })
      return SandboxServer(behavior: behavior(count), log: log)
    }

    private let log = SandboxLog()

    private func behavior(_ count: Int) -> SandboxBehavior {
      SandboxBehavior(script: Dictionary(uniqueKeysWithValues: (1...count).map { ("project-\($0)", [.flat]) }))
    }

    private func records(_ text: String) throws -> [[String: Any]] {
      try text.split(separator: "\n").map { line in
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
      }
    }

    @Test(
      "of standard error holds up a run: every request goes out at its time, and the run ends",
      arguments: [["-v"], ["-v", "--log-format", "json"], ["--progress", "plain"], ["--progress", "bar"]])
    func run(arguments: [String]) async throws {
      let pipe = try StalledPipe()
      defer { pipe.close() }
      try await writeList(1000).serving { [program] baseURL in
        let running = try program.start(
          ["list.csv", "--base-url", baseURL, "--rate", "200"] + arguments, standardError: pipe.writing,
          limit: .seconds(40))
        #expect(try await running.ending.status == 0)
        let times = log.entries.map(\.time)
        #expect(times.count == 1000)
        let span = try #require(times.max()) - #require(times.min())
        #expect(span < .seconds(9), "\(span)")
        try Inventory(in: program.folder).expectBalance(lines: Array(2...1001))
      }
    }

    @Test(
      "of standard error keeps a signal from ending the run in order",
      arguments: [SIGINT, SIGTERM, SIGHUP], [["-v"], ["--progress", "bar"]])
    func signal(signal: Int32, arguments: [String]) async throws {
      let pipe = try StalledPipe()
      defer { pipe.close() }
      try await writeList(400).serving { [program] baseURL in
        let running = try program.start(
          ["list.csv", "--base-url", baseURL, "--rate", "20"] + arguments, standardError: pipe.writing,
          limit: .seconds(40))
        try await wait { log.entries.count >= 5 }
        let begin = ContinuousClock.now
        running.send(signal)
        #expect(try await running.ending.signal == signal)
        #expect(ContinuousClock.now - begin < .seconds(12))
        #expect(log.entries.count < 200)
        let inventory = Inventory(in: program.folder)
        try inventory.expectBalance(lines: Array(2...401))
        #expect(try inventory.csv().count { $0["outcome"] == "found" } == log.entries.count)
        #expect(try inventory.query("SELECT state FROM runs") == ["interrupted"])
      }
    }

    @Test("of standard error keeps a second signal from ending it at once", arguments: [SIGINT, SIGTERM])
    func second(signal: Int32) async throws {
      try program.folder.writeList((1...100).map { "project-\($0)" })
      let pipe = try StalledPipe()
      defer { pipe.close() }
      try await ScriptedServer.serving(.request, .stall) { server in
        let running = try program.start(
          ["list.csv", "--base-url", server.baseURL, "--rate", "0", "-v"], standardError: pipe.writing)
        try await wait { server.record.requests.count >= 8 }
        running.send(signal)
        try await Task.sleep(for: .milliseconds(500))
        let begin = ContinuousClock.now
        running.send(signal)
        #expect(try await running.ending.signal == signal)
        #expect(ContinuousClock.now - begin < .seconds(3))
      }
    }

    @Test("in time gets every record of a standard error that does not block")
    func nonBlocking() async throws {
      let pipe = try StalledPipe(isNonBlocking: true)
      defer { pipe.close() }
      try await writeList(3000).serving { [program] baseURL in
        let running = try program.start(
          ["list.csv", "--base-url", baseURL, "--rate", "0", "-v", "--log-format", "json"],
          standardError: pipe.writing)
        try await Task.sleep(for: .seconds(2))
        let records = try records(try await pipe.read(bytesPerRound: 8192))
        #expect(try await running.ending.status == 0)
        #expect(records.count { $0["message"] as? String == "settled" } == 3000)
        #expect(records.last?["message"] as? String == "finished")
        #expect(!records.contains { $0["missing"] != nil })
      }
    }

    @Test("for a while, and reads again, is told how many records are missing", arguments: ["text", "json"])
    func missing(format: String) async throws {
      let count = 25_000
      let pipe = try StalledPipe()
      defer { pipe.close() }
      let text = try await writeList(count).serving { [program] baseURL in
        let running = try program.start(
          ["list.csv", "--base-url", baseURL, "--rate", "0", "-v", "--log-format", format], standardError: pipe.writing)
        try await wait(for: { program.folder.exists("inventory/manifest.json") }, limit: .seconds(40))
        let text = try await pipe.read()
        #expect(try await running.ending.status == 0)
        return text
      }
      if format == "json" {
        let records = try records(text)
        let settled = records.count { $0["message"] as? String == "settled" }
        let missing = records.compactMap { $0["missing"] as? Int }.reduce(0, +)
        #expect(missing > 0 && settled + missing == count)
        #expect(records.contains { $0["message"] as? String == "finished" })
      } else {
        let settled = text.split(separator: "\n").count {
          $0.hasPrefix("debug: line ") && $0.contains(": found after ")
        }
        let losses = text.matches(of: /warning: (\d+) log records are missing because standard error was not read in/)
        #expect(losses.compactMap { Int($0.output.1) }.reduce(settled, +) == count)
        #expect(text.contains("\nRun 1 finished in "))
      }
    }

    @Test(
      "of standard output keeps a signal from ending a run that prints rows",
      arguments: [["--format", "jsonl"], ["--format", "jsonl", "--ordered"], ["--format", "csv"]])
    func rows(arguments: [String]) async throws {
      let pipe = try StalledPipe()
      defer { pipe.close() }
      try await writeList(300).serving { [program] baseURL in
        let running = try program.start(
          ["list.csv", "--base-url", baseURL, "--rate", "20", "-o", "-", "--database", "x.db"] + arguments,
          standardOutput: pipe.writing, limit: .seconds(40))
        try await wait { log.entries.count >= 5 }
        let begin = ContinuousClock.now
        running.send(SIGTERM)
        let ending = try await running.ending
        #expect(ending.signal == SIGTERM)
        #expect(ContinuousClock.now - begin < .seconds(20))
        #expect(
          ending.error.contains("standard output: the reader stalled for 5 s after the signal"), "\(ending.error)")
        let resumed = try await program.run(
          ["list.csv", "--base-url", baseURL, "--rate", "0", "-o", "-", "--database", "x.db", "--resume"] + arguments)
        #expect(resumed.status == 0, "\(resumed.error)")
        // Those that were under way may be asked for again.
        #expect(log.entries.count <= 300 + 8)
      }
    }

    @Test("in time gets every byte of a standard output that does not block")
    func nonBlockingOutput() async throws {
      try program.folder.writeList((1...2000).map { "project-\($0)" })
      #expect(
        [0, 2].contains(
          try await program.run(["list.csv", "--sandbox", "--rate", "0", "--max-attempts", "1", "--format", "csv"])
            .status))
      let help = try await program.run(["run", "--help"]).output
      for (arguments, expected) in [
        (
          ["report", "-o", "-", "--database", "inventory/inventory.db", "--format", "csv"],
          try program.folder.text("inventory/inventory.csv")
        ), (["run", "--help"], help),
      ] {
        let pipe = try StalledPipe(isNonBlocking: true)
        defer { pipe.close() }
        let running = try program.start(arguments, standardOutput: pipe.writing)
        try await Task.sleep(for: .seconds(1))
        #expect(try await pipe.read(bytesPerRound: 1000) == expected)
        #expect(try await running.ending.status == 0)
      }
    }
  }
}
