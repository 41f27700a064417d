import Foundation
import SandboxGateway
import TestSupport
import Testing
import TextFormats

@testable import jelou_inventory

extension TheProgram {
  @Suite("What --resume continues", .timeLimit(.minutes(5)))
  struct ResumeChoiceTests {
    private let program: Program
    private var inventory: Inventory { Inventory(in: program.folder) }

    init() throws {
      program = try Program()
    }

    private func ids(_ count: Int) -> [String] { (1...count).map { "project-\($0)" } }

    /// Every project has an integration.
    private func behavior(_ count: Int) -> SandboxBehavior {
      SandboxBehavior(script: Dictionary(uniqueKeysWithValues: ids(count).map { ($0, [.flat]) }))
    }

    private func change(_ sql: String) throws {
      try #require(try Shell.run("/usr/bin/sqlite3", ["inventory/inventory.db", sql], in: program.folder) == 0)
    }

    /// Makes of the newest run one that was interrupted after its first five rows.
    private func interruptNewest() throws {
      try change(
        """
        UPDATE results SET outcome = 'skipped', error_code = 'interrupted', error_message = 'Interrupted.',
          http_status = NULL, fetched_at = NULL, duration_ms = NULL, attempts = 0, webhook_url = NULL
        WHERE run_id = (SELECT max(id) FROM runs) AND line > 6;
        UPDATE runs SET state = 'interrupted' WHERE id = (SELECT max(id) FROM runs);
        """)
    }

    /// Moves all times of a run into the past.
    private func age(run: Int, days: Int) throws {
      let older = { (time: String) in "strftime('%Y-%m-%dT%H:%M:%fZ', \(time), '-\(days) days')" }
      try change(
        """
        UPDATE results SET fetched_at = \(older("fetched_at")) WHERE run_id = \(run) AND fetched_at IS NOT NULL;
        UPDATE runs SET started_at = \(older("started_at")), finished_at = \(older("finished_at")) WHERE id = \(run);
        """)
    }

    private func states() throws -> [String] { try inventory.query("SELECT id, state FROM runs") }

    /// What the plan says of the start, in a line.
    private func plan(_ arguments: [String]) async throws -> String {
      let ending = try await program.run(["plan"] + arguments)
      #expect(ending.status == 0, "\(ending.error)")
      let line = ending.output.split(separator: "\n").first { $0.hasPrefix("  start") } ?? ""
      return line.dropFirst(7).trimmingCharacters(in: .whitespaces)
    }

    @Test("a monthly job with resume: true works although a run was cut short and the list has grown since")
    func monthly() async throws {
      try program.folder.write("monthly.yaml", "resume: true\nrate: 10/s\nlog-format: json\nprogress: none\n")
      try program.folder.writeList(ids(30))
      try await SandboxServer(behavior: behavior(31)).serving { [program] baseURL in
        let arguments = ["list.csv", "--config", "monthly.yaml", "--base-url", baseURL]
        #expect(try await program.run(arguments + ["--max-duration", "1s"]).status == 2)
        #expect(try states() == ["1|stopped"])
        try program.folder.writeList(ids(31))
        let next = try await program.run(arguments + ["--rate", "0"])
        #expect(next.status == 0, "\(next.error)")
        #expect(next.error.contains("starting a new run: run 1, started "))
        #expect(next.error.contains("is not continued because its list had 30 rows, but list.csv has 31"))
        #expect(try states() == ["1|stopped", "2|finished"])
        #expect(try inventory.csv().count == 31)
        // The list is the first run's again, which is no longer the newest: it stays behind.
        try program.folder.writeList(ids(30))
        let third = try await program.run(arguments + ["--rate", "0"])
        #expect(third.status == 0, "\(third.error)")
        #expect(third.error.contains("because run 2 is newer, and only the newest run can be resumed"))
        #expect(try inventory.manifest()["run"] as? Int == 3)
        #expect(try states() == ["1|stopped", "2|finished", "3|finished"])
        #expect(try inventory.csv().map { $0["change"] } == Array(repeating: "unchanged", count: 30))
      }
    }

    @Test("a killed run is left behind, too, when the list has changed, and continued when it has not")
    func killed() async throws {
      try program.folder.writeList(ids(60))
      let log = SandboxLog()
      try await SandboxServer(behavior: behavior(61), log: log).serving { [program] baseURL in
        let arguments = ["list.csv", "--base-url", baseURL, "--resume"]
        for (count, continues) in [(61, false), (60, true)] {
          try program.folder.writeList(ids(60))
          let asked = log.entries.count
          let running = try program.start(arguments + ["--rate", "20"])
          try await wait { log.entries.count > asked + 10 }
          running.send(SIGKILL)
          #expect(try await running.ending.signal == SIGKILL)
          let run = try inventory.queryCopy("SELECT max(id) FROM runs WHERE state = 'running'")[0]
          try program.folder.writeList(ids(count))
          let start = try await plan(arguments)
          let ending = try await program.run(arguments + ["--rate", "0"])
          #expect(ending.status == 0, "\(ending.error)")
          #expect(ending.error.contains("notice: " + start))
          #expect(start.hasPrefix(continues ? "continuing run \(run), started " : "starting a new run: run \(run), "))
          #expect(try inventory.csv().count == count)
        }
        #expect(try states() == ["1|running", "2|finished", "3|finished"])
      }
    }

    @Test(
      "not a run that no longer fits, with the reason that its plan gives as well",
      arguments: [
        ("base URL", "its base URL is sandbox, not http"), ("shard", "it is shard 1/1, not shard 1/2"),
        ("rows", "its list had 20 rows, but list.csv has 21"),
        ("contents", "its list had different content than list.csv, or was read with other options"),
        ("name", "its list list.csv had different content than other.csv"),
        ("options", "its list had different content than list.csv, or was read with other options"),
        ("digest", "did not record its list"), ("age", "it was last active more than 7 d ago (--resume-within)"),
        ("limit", "it was last active more than 0.1 s ago (--resume-within)"),
        ("newer", "run 2 is newer, and only the newest run can be resumed"),
      ])
    func unfit(what: String, reason: String) async throws {
      try program.folder.writeList(ids(20))
      let setup = ["list.csv", "--sandbox", "--rate", "0", "--max-attempts", "1"]
      #expect([0, 2].contains(try await program.run(setup).status))
      try interruptNewest()
      var arguments = setup + ["--resume"]
      switch what {
      case "shard": arguments += ["--shard", "1/2"]
      case "rows": try program.folder.writeList(ids(21))
      case "contents": try program.folder.writeList(ids(19) + ["another"])
      case "name":
        try program.folder.write("other.csv", "project_id\n" + (2...21).map { "project-\($0)\n" }.joined())
        arguments[0] = "other.csv"
      case "options":
        arguments += ["--no-header", "--id-column", "1"]
        try program.folder.write("list.csv", ids(20).map { $0 + "\n" }.joined())
      case "digest": try change("UPDATE runs SET list_digest = NULL")
      case "age": try age(run: 1, days: 8)
      case "limit":
        arguments += ["--resume-within", "100ms"]
        try await Task.sleep(for: .milliseconds(150))
      case "newer": #expect([0, 2].contains(try await program.run(setup).status))
      default: break
      }
      let before = try inventory.query("SELECT * FROM results WHERE run_id = 1")
      try await SandboxServer().serving { [program, arguments] baseURL in
        let arguments = arguments.flatMap {
          what == "base URL" && $0 == "--sandbox" ? ["--base-url", baseURL] : [$0]
        }
        let start = try await plan(arguments)
        #expect(start.hasPrefix("starting a new run: run 1, started "))
        #expect(
          start.contains("(15 of 20 rows are open), is not continued because ") && start.contains(reason), "\(start)")
        let ending = try await program.run(arguments)
        #expect([0, 2].contains(ending.status), "\(ending.error)")
        // The age goes on between the two.
        let isAge = what == "limit"
        #expect(isAge ? ending.error.contains(reason) : ending.error.contains("notice: \(start)\n"), "\(ending.error)")
        #expect(try inventory.query("SELECT * FROM results WHERE run_id = 1") == before)
        #expect(try states().last == (what == "newer" ? "3|finished" : "2|finished"))
      }
    }

    @Test("a run that was active within --resume-within: started, answered or ended, whichever was last")
    func recent() async throws {
      try program.folder.writeList(ids(20))
      let arguments = ["list.csv", "--sandbox", "--rate", "0", "--max-attempts", "1"]
      #expect([0, 2].contains(try await program.run(arguments).status))
      for (days, sql, options) in [
        (6, "", []), (20, "", ["--resume-within", "30d"]),
        (40, "UPDATE results SET fetched_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE line = 3", []),
        (0, "UPDATE runs SET state = 'running', finished_at = NULL", ["--resume-within", "1h"]),
      ] {
        try interruptNewest()
        try age(run: 1, days: days)
        try change(sql)
        #expect(try await plan(arguments + ["--resume"] + options).hasPrefix("continuing run 1, started "))
        let ending = try await program.run(arguments + ["--resume"] + options)
        #expect(ending.error.contains("continuing run 1, started "))
        #expect(ending.error.contains(": 15 of 20 rows are open"))
        #expect(try states() == ["1|finished"])
      }
      // One that was given up long ago is not mentioned every month.
      try interruptNewest()
      try age(run: 1, days: 40)
      #expect([0, 2].contains(try await program.run(arguments).status))
      let later = try await program.run(arguments + ["--resume"])
      #expect(!later.error.contains("run 1"), "\(later.error)")
      #expect(try await plan(arguments + ["--resume"]) == "a new run; there is no unfinished run")
    }

    @Test(
      "by a list that can be read only once: the same one is continued, another becomes a new run",
      arguments: [
        "standard input", "pipe",
      ])
    func onlyOnce(source: String) async throws {
      let count = 5000
      try program.folder.write("list.csv", "project_id,team\n" + ids(count).map { $0 + ",blue\n" }.joined())
      let log = SandboxLog()
      try await SandboxServer(behavior: behavior(count + 1), log: log).serving { [program] baseURL in
        let options = ["--base-url", baseURL, "--rate", "0", "--resume", "-q"]
        func run() async throws -> Program.Ending {
          if source == "standard input" {
            return try await program.run(["-"] + options, input: try program.folder.text("list.csv"))
          }
          // The writer waits for its reader, which takes the place of the shell.
          var fed = program
          fed.wrapper = ["/bin/sh", "-c", "rm -f pipe; mkfifo pipe; cat list.csv > pipe & exec \"$0\" \"$@\""]
          return try await fed.run(["pipe"] + options)
        }
        #expect(try await run().status == 0)
        let expected = try inventory.rowsWithoutTimes()
        try interruptNewest()
        let asked = log.entries.count
        #expect(try await run().status == 0)
        #expect(log.entries.count - asked == count - 5)
        #expect(try states() == ["1|finished"])
        #expect(try inventory.rowsWithoutTimes() == expected)
        try interruptNewest()
        try program.folder.write("list.csv", "project_id,team\n" + ids(count + 1).map { $0 + ",red\n" }.joined())
        #expect(try await run().status == 0)
        #expect(log.entries.count - asked == count - 5 + count + 1)
        #expect(try states() == ["1|interrupted", "2|finished"])
        #expect(try inventory.csv().map { $0["team"] } == Array(repeating: "red", count: count + 1))
      }
    }

    @Test("not a list that can't be read: the run stays as it is, and can be continued afterwards")
    func brokenList() async throws {
      try program.folder.writeList(ids(20))
      let arguments = ["list.csv", "--sandbox", "--rate", "0", "--max-attempts", "1", "--resume"]
      #expect([0, 2].contains(try await program.run(arguments).status))
      try interruptNewest()
      let list = try program.folder.text("list.csv")
      try program.folder.write("list.csv", list + "\"open\n")
      #expect(try await program.run(arguments).status == 65)
      #expect(try states() == ["1|interrupted"])
      try program.folder.write("list.csv", list)
      #expect([0, 2].contains(try await program.run(arguments).status))
      #expect(try states() == ["1|finished"])
    }

    @Test(
      "Durations are seconds or have a unit",
      arguments: [
        ("30", 30_000), ("0.5", 500), ("500ms", 500), ("1ms", 1), ("30s", 30_000), ("1.5s", 1500), ("10m", 600_000),
        ("6h", 21_600_000), ("2d", 172_800_000), ("366d", 31_622_400_000),
      ])
    func durations(text: String, milliseconds: Int) {
      #expect(TimeSpan(argument: text)?.duration == .milliseconds(milliseconds))
    }

    @Test(
      "and nothing else",
      arguments: [
        "", "0", "0s", "-1", "1w", "s", "1 s", "1S", "1e3", "+5", "1,5s", "0.4ms", "367d", "1m30s", "inf", "٣",
      ])
    func noDurations(text: String) async throws {
      #expect(TimeSpan(argument: text) == nil)
      for option in ["--timeout", "--connect-timeout", "--max-duration", "--resume-within"] where text == "1w" {
        let ending = try await program.run(["list.csv", "--sandbox", "\(option)=\(text)"])
        #expect(ending.status == 64 && ending.error.contains(option))
      }
    }
  }
}
