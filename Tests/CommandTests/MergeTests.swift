import Foundation
import SandboxGateway
import TestSupport
import Testing

extension TheDatabase {
  @Suite("merge", .timeLimit(.minutes(5)))
  struct MergeTests {
    private let program: Program

    init() throws {
      program = try Program()
    }

    private static let projects = (1...90).map { "project-\($0)" }

    /// What is asked for twice in each month: by shards, and by a run that is not divided.
    private static var behavior: SandboxBehavior {
      func reply(_ number: Int, month: Int) -> SandboxReply {
        switch (number, month) {
        case (1...8, _):
          .custom(
            status: 200, body: #"{"webhookUrl":"http://shared.example.com/x","updatedAt":"2020-01-01T00:00:00Z"}"#)
        case (9...12, 1), (13...16, 2), (17...20, _): .notFound
        case (21, _): .forbidden
        case (22, _): .htmlPage
        case (23...25, 2), (26, 1), (27, _): .internalError
        case (28, _): .redirect
        case (29...33, 2): .custom(status: 200, body: #"{"webhookUrl":"https://moved.example.com/?token=abc","new":1}"#)
        default: number % 2 == 0 ? .flat : .enveloped
        }
      }
      var script: [String: [SandboxReply]] = [:]
      for number in 1...100 {
        script["project-\(number)"] = [1, 1, 2, 2].map { reply(number, month: $0) }
      }
      return SandboxBehavior(script: script)
    }

    /// With duplicates, IDs that can't be asked for, columns, and from month to month a few projects more and fewer.
    private func writeList(month: Int) throws {
      let listed = month == 1 ? Array(Self.projects) : Self.projects.dropFirst(2) + ["project-95", "project-96"]
      let rows = listed.enumerated().map { "\($1),\"team \($0 % 4)\nB\",https://hooks.example.com/\n" }
      let others = ["..", "", "project-3", "project-40", "project-40"].map { "\($0),=1+2,\n" }
      try program.folder.write(
        "list.csv",
        "project_id,team,expected_webhook\n" + rows.prefix(50).joined() + others.joined() + rows.dropFirst(50).joined())
    }

    private func arguments(_ baseURL: String) -> [String] {
      ["list.csv", "--base-url", baseURL, "--rate", "0", "--max-attempts", "1", "--concurrency", "3"]
    }

    private func runShards(of count: Int, _ baseURL: String, _ more: [String] = []) async throws {
      for number in 1...count {
        let ending = try await program.run(
          arguments(baseURL) + ["--shard", "\(number)/\(count)", "-o", "shard-\(number)"] + more)
        #expect([0, 2].contains(ending.status), "\(ending.error)")
      }
    }

    private func databases(_ count: Int) -> [String] { (1...count).map { "shard-\($0)/inventory.db" } }

    private static let reports = ["inventory.csv", "inventory.jsonl", "inventory.html", "manifest.json"]

    /// All reports of a database's newest run, written again after all times in it have been made the same.
    private func reportsWithoutTimes(_ folder: String) async throws -> [Data] {
      let sql = """
        UPDATE runs SET started_at = '2026-01-0' || id || 'T00:00:00.000Z', finished_at = '2026-01-0' || id || 'T00:00:09.000Z';
        UPDATE results SET duration_ms = CASE WHEN duration_ms IS NOT NULL THEN 7 END,
          fetched_at = CASE WHEN fetched_at IS NOT NULL THEN '2026-01-0' || run_id || 'T00:00:05.000Z' END,
          last_good_at = CASE WHEN last_good_at IS NOT NULL THEN '2026-01-01T00:00:05.000Z' END;
        """
      #expect(try Shell.run("/usr/bin/sqlite3", ["\(folder)/inventory.db", sql], in: program.folder) == 0)
      let ending = try await program.run([
        "report", "--database", "\(folder)/inventory.db", "-o", "\(folder)-plain", "--format", "csv,jsonl,html,xlsx",
      ])
      #expect(ending.status == 0, "\(ending.error)")
      return try Self.reports.map { name in
        let data = try program.folder.data("\(folder)-plain/\(name)")
        // A compressed workbook's size may differ; what is in it is compared by itself.
        guard name == "manifest.json" else { return data }
        return Data(
          String(decoding: data, as: UTF8.self).replacing(
            /"format":"xlsx","rows":([0-9]+),"bytes":[0-9]+/, with: { "\($0.1)" }
          ).utf8)
      }
    }

    @Test(
      "makes of shards what a run makes that is not divided, month after month, byte for byte but for times",
      arguments: [1, 3, 8])
    func identical(count: Int) async throws {
      try await SandboxServer(behavior: Self.behavior).serving { baseURL in
        for month in 1...2 {
          try writeList(month: month)
          try await runShards(of: count, baseURL)
          let options = ["--allow-host", "*.example.com", "--stale-after", "200", "--format", "csv,jsonl,html,xlsx"]
          let merged = try await program.run(["merge"] + databases(count).reversed() + ["-o", "merged"] + options)
          #expect(merged.status == 2, "\(merged.error)")
          let whole = try await program.run(arguments(baseURL) + ["-o", "whole"] + options)
          #expect(whole.status == 2, "\(whole.error)")
          #expect(try program.folder.content("merged") == program.folder.content("whole"))
          let (inventory, expected) = (Inventory(in: program.folder, "merged"), Inventory(in: program.folder, "whole"))
          #expect(try inventory.rowsWithoutTimes() == expected.rowsWithoutTimes())
          let facts = """
            SELECT id, state, list_path, list_rows, whole_list_rows, list_digest, input_columns, base_url, rate, concurrency,
              shard, version, requests, responses, outcomes FROM runs
            """
          #expect(try inventory.query(facts) == expected.query(facts))
          let findings = "SELECT * FROM findings ORDER BY run_id, line, rule, detail"
          #expect(try inventory.query(findings) == expected.query(findings))
          #expect(try inventory.query(findings).count > 50)
          let changes = "SELECT run_id, line, change, changed_fields, previous_run, previous_line FROM results"
          #expect(try inventory.query(changes) == expected.query(changes))
          let told = merged.error.components(separatedBy: "Files:")[0].split(separator: "\n").filter {
            !$0.contains(" in ")
          }
          let rest = whole.error.components(separatedBy: "Files:")[0].split(separator: "\n").filter {
            !$0.contains(" in ")
          }
          #expect(told.suffix(rest.count) == rest[...])
        }
        #expect(
          try Inventory(in: program.folder, "merged").query("SELECT DISTINCT change FROM latest_changes ORDER BY 1")
            == [
              "added", "changed", "gone", "new", "unknown", "unlisted",
            ])
      }
      #expect(try await reportsWithoutTimes("merged") == reportsWithoutTimes("whole"))
      let workbooks = try ["merged", "whole"].map {
        try ReadWorkbook(path: "\(program.folder.path)/\($0)-plain/inventory.xlsx").sheets.map(\.rows)
      }
      #expect(workbooks[0] == workbooks[1])
    }

    /// Shards of three, finished.
    private func threeShards(_ body: @escaping @Sendable (String) async throws -> Void = { _ in }) async throws {
      try writeList(month: 1)
      try await SandboxServer(behavior: Self.behavior).serving { baseURL in
        try await runShards(of: 3, baseURL)
        try await body(baseURL)
      }
    }

    @Test("leaves the shards as they are, and writes no reports where a database alone is named")
    func places() async throws {
      try await threeShards()
      let before = try databases(3).map { try program.folder.data($0) }
      let ending = try await program.run(["merge"] + databases(3) + ["--database", "all/history.db"])
      #expect(ending.status == 2, "\(ending.error)")
      #expect(try program.folder.content("all") == ["history.db"])
      #expect(!program.folder.exists("inventory"))
      #expect(try databases(3).map { try program.folder.data($0) } == before)
      for number in 1...3 {
        #expect(
          try program.folder.content("shard-\(number)") == [
            "inventory.csv", "inventory.db", "inventory.html", "inventory.jsonl", "manifest.json",
          ])
      }
      // As `run` does, where nothing is named.
      #expect(try await program.run(["merge"] + databases(3)).status == 2)
      #expect(program.folder.exists("inventory/inventory.html"))
    }

    @Test("tells all that is wrong at once, each in a line, with the shard to run again; nothing is made")
    func unfit() async throws {
      try await threeShards()
      func refusal(_ databases: [String], _ status: Int32 = 65) async throws -> [String] {
        let ending = try await program.run(["merge"] + databases + ["-o", "out"])
        #expect(ending.status == status)
        #expect(!program.folder.exists("out"))
        let lines = ending.error.split(separator: "\n").map(String.init)
        #expect(lines.last == "error: nothing was merged")
        return lines.dropLast().map { String($0.dropFirst("error: ".count)) }
      }
      let missing = "shard 2/3 is missing; add its database, or run it with --shard 2/3"
      #expect(try await refusal([databases(3)[0], databases(3)[2]]) == [missing])
      #expect(
        try await refusal([databases(3)[0], "./shard-1/inventory.db", databases(3)[2]]) == [
          "shard 1/3 was given 2 times: shard-1/inventory.db, ./shard-1/inventory.db", missing,
        ])
      #expect(
        try await refusal([databases(3)[0], "none.db", databases(3)[2]], 66) == [
          "none.db: there is no such database", missing,
        ])
      try program.folder.write("text.db", String(repeating: "no database ", count: 500))
      try program.folder.write("empty.db", "")
      #expect(
        try await refusal(databases(3) + ["text.db", "empty.db"]) == [
          "text.db: this is not a SQLite database, or it is damaged", "empty.db: there is no run in this database",
        ])
    }

    /// Makes something of a shard's database that no run makes.
    private func tamper(_ number: Int, _ sql: String) throws {
      #expect(try Shell.run("/usr/bin/sqlite3", ["shard-\(number)/inventory.db", sql], in: program.folder) == 0)
    }

    @Test(
      "refuses shards of other lists, settings and versions, rows that are missing, doubled or of another shard",
      arguments: [
        (
          "UPDATE runs SET list_digest = 'x'",
          "shard 2/3 (shard-2/inventory.db): its list differs from that of shard 1/3"
        ),
        (
          "UPDATE runs SET whole_list_rows = 7",
          "shard 2/3 (shard-2/inventory.db): its list differs from that of shard 1/3"
        ),
        (
          "UPDATE runs SET rate = '5/s'", "its rate differs from that of shard 1/3 (shard-1/inventory.db): 5/s, not 0/s"
        ),
        (
          "UPDATE runs SET concurrency = 99",
          "its concurrency differs from that of shard 1/3 (shard-1/inventory.db): 99, not 3"
        ),
        (
          "UPDATE runs SET version = '9.9'",
          "its version differs from that of shard 1/3 (shard-1/inventory.db): 9.9, not"
        ),
        (
          "UPDATE runs SET base_url = 'https://other.example'",
          "its base URL differs from that of shard 1/3 (shard-1/inventory.db): https://other"
        ),
        (
          "UPDATE runs SET input_columns = '[\"x\"]'",
          "its list's columns differs from that of shard 1/3 (shard-1/inventory.db): x, not team"
        ),
        ("UPDATE runs SET shard = '2/4'", "shard 2/4 (shard-2/inventory.db): the other databases are shards of 3"),
        ("UPDATE runs SET shard = '1/1'", "shard 1/1 (shard-2/inventory.db): the other databases are shards of 3"),
        ("UPDATE runs SET shard = '3/3'", "of its rows belong to other shards"),
        ("DELETE FROM results WHERE line > 60", " rows instead of "),
        (
          "DELETE FROM results WHERE line > 60; UPDATE runs SET list_rows = (SELECT count(*) FROM results)",
          "rows in total, but the list has 95"
        ),
        ("UPDATE results SET outcome = NULL", "is not finished; run it again with --shard 2/3 --resume"),
        ("UPDATE runs SET finished_at = NULL", "is not finished; run it again with --shard 2/3 --resume"),
        (
          "UPDATE results SET outcome = 'skipped', error_code = 'interrupted' WHERE line = (SELECT max(line) FROM results)",
          "shard 2/3 (shard-2/inventory.db) is not finished; run it again with --shard 2/3 --resume"
        ),
        ("UPDATE results SET project_id = 'project-x' || line", "belong to other shards, the first in line"),
        (
          "UPDATE results SET line = 2 WHERE line = (SELECT max(line) FROM results)",
          "line 2 of the list is in shard-"
        ),
        ("DROP TABLE results", "the database can't be opened"),
        ("PRAGMA user_version = 99", "a newer jelou-inventory created this database"),
        ("PRAGMA application_id = 1", "this database belongs to another program"),
      ])
    func mismatched(sql: String, sentence: String) async throws {
      try await threeShards()
      // A database with a history.
      try FileManager.default.createDirectory(atPath: program.folder.path + "/out", withIntermediateDirectories: true)
      try program.folder.write("out/inventory.db", try program.folder.data("shard-1/inventory.db"))
      let out = Inventory(in: program.folder, "out")
      let before = try out.query("SELECT * FROM runs") + out.query("SELECT * FROM results")
      if sql.contains("'3/3'") {
        // Shard 2 says that it is the third, and the third is not there.
        try tamper(3, "UPDATE runs SET shard = '2/3'")
      }
      try tamper(2, sql)
      for output in ["new.db", "out/inventory.db"] {
        let ending = try await program.run(["merge"] + databases(3) + ["--database", output])
        #expect(ending.status == 65)
        #expect(ending.error.contains(sentence), "\(ending.error)")
      }
      #expect(!program.folder.exists("new.db"))
      #expect(try out.query("SELECT * FROM runs") + out.query("SELECT * FROM results") == before)
    }

    @Test("is safe to repeat: no second run, and the reports again; made anew once a shard has been asked again")
    func repeated() async throws {
      try await threeShards { baseURL in
        let merge = ["merge"] + databases(3) + ["-o", "merged"]
        #expect(try await program.run(merge).status == 2)
        let inventory = Inventory(in: program.folder, "merged")
        let before = try Self.reports.map { try program.folder.data("merged/\($0)") }
        let rows = try inventory.query("SELECT * FROM results")
        for name in Self.reports { try program.folder.write("merged/\(name)", "old") }
        let again = try await program.run(merge)
        #expect(again.status == 2)
        #expect(again.error.contains("already merged as run 1"))
        #expect(try Self.reports.map { try program.folder.data("merged/\($0)") } == before)
        #expect(try inventory.query("SELECT id, state FROM runs") == ["1|finished"])
        #expect(try inventory.query("SELECT * FROM results") == rows)
        // The gateway's second month: some rows that failed are answered now, and only they are asked for.
        _ = try await program.run(arguments(baseURL) + ["-o", "whole"])
        try await runShards(of: 3, baseURL, ["--retry-failed"])
        let renewed = try await program.run(merge)
        #expect(renewed.status == 2)
        #expect(renewed.error.contains("run 1 was replaced, because its shards were retried"))
        #expect(try inventory.query("SELECT id, state FROM runs") == ["1|finished"])
        #expect(try inventory.query("SELECT count(*) FROM results WHERE outcome = 'failed'") == ["1"])
        try inventory.expectBalance(lines: try inventory.csv().compactMap { Int($0["line"] ?? "") })
        // With a later run there, what it was compared with stays as it is.
        try tamper(1, "UPDATE runs SET requests = requests + 1")
        _ = try await program.run(arguments(baseURL) + ["-o", "merged"])
        let late = try await program.run(merge)
        #expect(late.status == 65)
        #expect(late.error.contains("later runs were compared with it; use another --database"))
      }
    }

    @Test(
      "takes a merged run for what it is: its failed rows can be asked for again, and it is the history of the next")
    func goingOn() async throws {
      try await threeShards { baseURL in
        #expect(try await program.run(["merge"] + databases(3) + ["-o", "merged"]).status == 2)
        let ending = try await program.run(arguments(baseURL) + ["-o", "merged", "--retry-failed"])
        #expect(ending.status == 2, "\(ending.error)")
        let inventory = Inventory(in: program.folder, "merged")
        #expect(try inventory.query("SELECT id, state, shard FROM runs") == ["1|finished|1/1"])
        #expect(try await program.run(["merge"] + databases(3) + ["-o", "merged"]).status == 2)
        _ = try await program.run(arguments(baseURL) + ["-o", "merged"])
        #expect(try inventory.query("SELECT count(*) > 50 FROM latest WHERE change = 'unchanged'") == ["1"])
      }
    }

    @Test("killed at any moment leaves the database as it was, or with the whole run; the next finishes it")
    func killed() async throws {
      try program.folder.writeList((1...20_000).map { "project-\($0)" })
      for number in 1...2 {
        let ending = try await program.run([
          "list.csv", "--sandbox", "--rate", "0", "--max-attempts", "1", "--concurrency", "64", "--shard",
          "\(number)/2",
          "-o", "shard-\(number)", "--format", "csv", "--max-duration", "2",
        ])
        // However far it came: what is left is settled by hand.
        #expect([0, 2].contains(ending.status), "\(ending.error)")
        try tamper(
          number,
          "UPDATE results SET outcome = 'not_found', error_code = NULL, error_message = NULL WHERE outcome = 'skipped'")
      }
      let merge = ["merge"] + databases(2) + ["-o", "merged", "--format", "csv"]
      let inventory = Inventory(in: program.folder, "merged")
      var seen: Set<[String]> = []
      for delay in stride(from: 40, through: 1200, by: 40) {
        let running = try program.start(merge)
        try await Task.sleep(for: .milliseconds(delay))
        running.send(SIGKILL)
        let ending = try await running.ending
        guard program.folder.exists("merged/inventory.db") else { continue }
        let tables = try inventory.queryCopy("SELECT name FROM sqlite_schema WHERE name = 'results'")
        guard tables == ["results"] else { continue }
        #expect(try inventory.queryCopy("PRAGMA integrity_check") == ["ok"])
        let state = try inventory.queryCopy("SELECT (SELECT count(*) FROM runs), (SELECT count(*) FROM results)")
        #expect([["0|0"], ["1|20000"]].contains(state))
        seen.insert(state)
        if ending.signal == nil { break }
      }
      #expect(!seen.isEmpty)
      let ending = try await program.run(merge)
      #expect([0, 2].contains(ending.status), "\(ending.error)")
      #expect(try inventory.query("SELECT id, state FROM runs") == ["1|finished"])
      #expect(try inventory.csv().count == 20_000)
    }

    @Test(
      "is refused while a run is at work on a shard, or in its own place (75), and where a shard would be overwritten")
    func locks() async throws {
      try await threeShards { baseURL in
        let running = try program.start(
          ["list.csv", "--base-url", baseURL, "--rate", "5", "--shard", "2/3", "-o", "shard-2"])
        try await wait { program.folder.exists("shard-2/inventory.db-lock") }
        let busy = try await program.run(["merge"] + databases(3) + ["-o", "merged"])
        #expect(busy.status == 75)
        #expect(busy.error.contains("process \(running.id)"))
        running.send(SIGKILL)
        _ = try await running.ending
        // What a killed run has left in the log is seen, and it is not finished.
        let open = try await program.run(["merge"] + databases(3) + ["-o", "merged"])
        #expect(open.status == 65)
        #expect(open.error.contains("shard 2/3 (shard-2/inventory.db) is not finished"))
        #expect(!program.folder.exists("merged"))
        _ = try await program.run(
          arguments(baseURL) + ["--rate", "0", "--shard", "2/3", "-o", "shard-2", "--resume"])
        // It began at another rate than the others, and one that they don't have.
        try tamper(2, "UPDATE runs SET rate = '0/s', concurrency = 3")
        let other = try program.start(["list.csv", "--base-url", baseURL, "--rate", "5", "-o", "merged"])
        try await wait { program.folder.exists("merged/inventory.db-lock") }
        #expect(try await program.run(["merge"] + databases(3) + ["-o", "merged"]).status == 75)
        other.send(SIGKILL)
        _ = try await other.ending
        let over = try await program.run(["merge"] + databases(3) + ["--database", "shard-1/../shard-1/inventory.db"])
        #expect(over.status == 73)
        #expect(over.error.contains("input"))
      }
    }

    @Test("heeds --fail-on and the configuration, and tells the end in JSON as a run does")
    func ending() async throws {
      let ids = (1...30).map { "project-\($0)" }
      try program.folder.writeList(ids)
      let script = Dictionary(uniqueKeysWithValues: ids.map { ($0, [SandboxReply.flat]) })
      try await SandboxServer(behavior: SandboxBehavior(script: script)).serving { baseURL in
        try await runShards(of: 2, baseURL)
      }
      try program.folder.write("m.yaml", "output: from-file\nfail-on: not-found\nformat: jsonl\nshard: 1/2\n")
      let quiet = try await program.run(["merge"] + databases(2) + ["--config", "m.yaml"])
      #expect(quiet.status == 0, "\(quiet.error)")
      #expect(try program.folder.content("from-file") == ["inventory.db", "inventory.jsonl", "manifest.json"])
      let failing = try await program.run(
        ["merge"] + databases(2) + ["--config", "m.yaml", "--fail-on", "finding", "--log-format", "json"])
      #expect(failing.status == 1, "\(failing.error)")
      let record = try #require(
        failing.error.split(separator: "\n").compactMap {
          try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }.first { $0["message"] as? String == "finished" })
      let fields = record["metadata"] as? [String: Any] ?? record
      #expect("\(fields["rows"] ?? "")" == "30")
      #expect("\(fields["requests"] ?? "")" == "30")
    }

    @Test("without a database, or with an empty path, is wrong usage")
    func usage() async throws {
      #expect(try await program.run(["merge"]).status == 64)
      #expect(try await program.run(["merge", ""]).status == 64)
    }
  }
}
