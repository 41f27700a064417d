import DelimitedText
import Foundation
import SandboxGateway
import Testing

extension TheDatabase {
  @Suite("changes and runs", .timeLimit(.minutes(3)))
  struct ChangesTests {
    private let program: Program
    private var inventory: Inventory { Inventory(in: program.folder) }

    init() throws {
      program = try Program()
    }

    private static func flat(_ url: String, _ more: String = "") -> SandboxReply {
      .custom(status: 200, body: #"{"id": "int", "webhookUrl": "\#(url)"\#(more)}"#)
    }

    /// Runs over a list of these projects, each answered as told.
    @discardableResult
    private func run(
      _ projects: [(id: String, reply: SandboxReply)], _ arguments: [String] = []
    ) async throws -> Program.Ending {
      try program.folder.writeList(projects.map(\.id))
      let script = Dictionary(projects.map { ($0.id, [$0.reply]) }, uniquingKeysWith: { first, _ in first })
      return try await SandboxServer(behavior: SandboxBehavior(script: script)).serving { [program] baseURL in
        try await program.run(
          ["list.csv", "--base-url", baseURL, "--rate", "0", "--max-attempts", "1"] + arguments)
      }
    }

    private func records(_ csv: String) throws -> [[String: String]] {
      var reader = DelimitedReader(BytesInMemory(csv.utf8), delimiter: UInt8(ascii: ","))
      let header = try #require(try reader.next()).fields
      var records: [[String: String]] = []
      while let record = try reader.next() {
        records.append(Dictionary(uniqueKeysWithValues: zip(header, record.fields)))
      }
      return records
    }

    private func objects(_ lines: String) throws -> [[String: Any]] {
      try lines.split(separator: "\n").map {
        try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
    }

    /// Three runs over which everything happens that can.
    private func threeRuns() async throws {
      let first = try await run([
        ("same", Self.flat("https://same/")), ("moved", Self.flat("https://old/", #", "plan": {"b": 1, "a": [2]}"#)),
        ("leaves", Self.flat("https://leaves/")), ("comes", .notFound), ("fails", Self.flat("https://fails/")),
        ("dropped", Self.flat("https://dropped/")), ("mute", .internalError),
      ])
      #expect(first.status == 2)
      try await run([
        ("same", Self.flat("https://same/")), ("moved", Self.flat("https://old/", #", "plan": {"a": [2], "b": 1}"#)),
        ("leaves", Self.flat("https://leaves/")), ("comes", .notFound), ("fails", .internalError),
        ("dropped", .forbidden), ("mute", .internalError),
      ])
      try await run([
        ("moved", Self.flat("https://new/", #", "authType": "bearer", "plan": {"a": [2], "b": 2}"#)),
        ("same", Self.flat("https://same/")), ("leaves", .notFound), ("comes", Self.flat("https://comes/")),
        ("fails", .forbidden), ("fresh", Self.flat("https://fresh/")), ("mute", .internalError), ("..", .notFound),
      ])
    }

    private static let changes = [
      "changed", "unchanged", "gone", "added", "unknown", "new", "unknown", "",
    ]

    @Test("are in every format and in the database, and nothing is in a first run's")
    func everywhere() async throws {
      try await threeRuns()
      let records = try inventory.csv()
      #expect(records.map { $0["change"] } == Self.changes)
      #expect(
        records.map { $0["changed_fields"] }
          == ["webhook_url;auth_type;extra.plan"] + Array(repeating: "", count: 7))
      let lines = try inventory.jsonLines()
      #expect(lines.map { $0["change"] as? String ?? "" } == Self.changes)
      #expect(lines[0]["changed_fields"] as? [String] == ["webhook_url", "auth_type", "extra.plan"])
      #expect(lines[1]["changed_fields"] as? [String] == [])
      #expect(
        try inventory.query(
          "SELECT coalesce(change, '') || '|' || coalesce(last_good_webhook_url, '') FROM results WHERE run_id = 3 ORDER BY line"
        )
          == zip(Self.changes, ["", "", "", "", "https://fails/", "", "", ""]).map { "\($0)|\($1)" })
      #expect(
        try inventory.query("SELECT count(*) FROM results WHERE run_id = 1 AND change IS NOT NULL") == ["0"])
      #expect(
        try inventory.query(
          "SELECT project_id, change FROM results WHERE run_id = 2 AND change <> 'unchanged' ORDER BY line")
          == ["fails|unknown", "dropped|unknown", "mute|unknown"])
      #expect(
        try inventory.query(
          """
          SELECT l.project_id FROM latest_changes AS l WHERE l.change = 'unknown'
            AND l.last_good_at = (SELECT fetched_at FROM results WHERE run_id = 1 AND project_id = l.project_id)
          """) == ["fails"])
      #expect(
        try inventory.query("SELECT project_id, last_good_webhook_url FROM latest_changes WHERE line IS NULL")
          == ["dropped|https://dropped/"])
      // The reports of a run with changes are the same when they are written again.
      for run in 2...3 {
        #expect(
          try await program.run([
            "report", "--run", "\(run)", "-o", "again-\(run)", "--database", "inventory/inventory.db",
          ]).status == 0)
      }
      for name in try program.folder.content("again-3") {
        #expect(try program.folder.data("again-3/\(name)") == program.folder.data("inventory/\(name)"))
      }
    }

    @Test("are printed as CSV and JSON Lines that say the same, those that are unlisted at the end")
    func printing() async throws {
      try await threeRuns()
      let ending = try await program.run(["changes", "--format", "csv"])
      #expect(ending.status == 0 && ending.error.isEmpty)
      #expect(
        ending.output.hasPrefix(
          "line,project_id,change,changed_fields,outcome,previous_outcome,webhook_url,previous_webhook_url,"
            + "last_good_webhook_url,last_good_at\r\n"))
      let records = try records(ending.output)
      #expect(
        records.map { "\($0["line"] ?? "") \($0["project_id"] ?? "") \($0["change"] ?? "")" } == [
          "2 moved changed", "4 leaves gone", "5 comes added", "6 fails unknown", "7 fresh new", "8 mute unknown",
          " dropped unlisted",
        ])
      #expect(
        records.map { "\($0["previous_webhook_url"] ?? "") \($0["webhook_url"] ?? "")" } == [
          "https://old/ https://new/", "https://leaves/ ", " https://comes/", "https://fails/ ", " https://fresh/", " ",
          " ",
        ])
      #expect(
        records.map { "\($0["previous_outcome"] ?? "") \($0["outcome"] ?? "")" } == [
          "found found", "found not_found", "not_found found", "found unauthorized", " found", " failed", " ",
        ])
      let times = try inventory.query(
        "SELECT fetched_at FROM results WHERE run_id = 1 AND project_id IN ('fails', 'dropped') ORDER BY line")
      #expect(records.map { $0["last_good_at"] } == ["", "", "", times[0], "", "", times[1]])
      #expect(records.map { $0["last_good_webhook_url"] }.last == "https://dropped/")
      let lines = try objects(try await program.run(["changes", "--format", "jsonl"]).output)
      for (record, object) in zip(records, lines) {
        for (column, cell) in record {
          switch object[column] {
          case let text as String: #expect(text == cell)
          case let number as Int: #expect(String(number) == cell)
          case let items as [String]: #expect(items.joined(separator: ";") == cell)
          default: #expect(object[column] is NSNull && cell.isEmpty)
          }
        }
      }
      #expect(lines.count == records.count)
      #expect(
        try await told(["--all"]) == [
          "2 moved changed", "3 same unchanged", "4 leaves gone", "5 comes added", "6 fails unknown", "7 fresh new",
          "8 mute unknown", " dropped unlisted",
        ])
    }

    /// Line, project and change of each row that `changes` prints.
    private func told(_ arguments: [String]) async throws -> [String] {
      let ending = try await program.run(["changes", "--format", "csv"] + arguments)
      #expect(ending.status == 0, "\(ending.error)")
      return try records(ending.output).map {
        "\($0["line"] ?? "") \($0["project_id"] ?? "") \($0["change"] ?? "")"
      }
    }

    @Test("are told between exactly two runs, whatever was known before them")
    func exactly() async throws {
      try await threeRuns()
      #expect(
        try await told(["--from", "2", "--to", "3"]) == [
          "2 moved changed", "4 leaves gone", "5 comes added", "6 fails unknown", "7 fresh new", "8 mute unknown",
          " dropped unlisted",
        ])
      #expect(try await told(["--to", "3"]) == told(["--from", "2", "--to", "3"]))
      // What failed in the first of the two has nothing to be compared with.
      #expect(
        try await told(["--from", "2", "--to", "1"]) == ["6 fails new", "7 dropped new", "8 mute unknown"])
      #expect(
        try await told(["--from", "1", "--to", "2"]) == ["6 fails unknown", "7 dropped unknown", "8 mute unknown"])
      #expect(try await told(["--from", "1"]) == told(["--from", "1", "--to", "3"]))
      #expect(try await told(["--from", "1", "--to", "2", "--all"]).count == 7)
      // The database is as it was.
      #expect(
        try program.folder.content("inventory") == [
          "inventory.csv", "inventory.db", "inventory.html", "inventory.jsonl", "manifest.json",
        ])
    }

    @Test("are a table for people: aligned, nothing in it invisible, on standard error when there is nothing to tell")
    func table() async throws {
      let longURL = "https://long/" + String(repeating: "x", count: 300)
      try await run([("a", Self.flat("https://a/")), ("quiet", .notFound), ("e\u{202E}vil", Self.flat("https://e/"))])
      let first = try await program.run(["changes"])
      #expect(first.status == 0 && first.output.isEmpty)
      #expect(first.error.contains("run 1 is the first"))
      try await run([
        ("a", Self.flat(longURL)), ("quiet", .notFound),
        ("e\u{202E}vil", Self.flat("https://e/\\u001b[31m\\u200b")),
      ])
      let ending = try await program.run(["changes"])
      #expect(
        ending.output == """
          LINE  CHANGE   PROJECT       WHAT
             2  changed  a             webhook_url: https://a/ → \(longURL)
             4  changed  e\\u{202E}vil  webhook_url: https://e/ → https://e/\\u{1B}[31m\\u{200B}

          """)
      #expect(ending.error.isEmpty)
      try await run([
        ("a", Self.flat(longURL)), ("quiet", .notFound), ("e\u{202E}vil", Self.flat("https://e/\\u001b[31m\\u200b")),
      ])
      for format in ["table", "jsonl"] {
        let nothing = try await program.run(["changes", "--format", format])
        #expect(nothing.status == 0 && nothing.output.isEmpty)
        #expect(nothing.error.contains("no changes in run 3"))
      }
      let between = try await program.run(["changes", "--from", "2", "--to", "3"])
      #expect(between.status == 0 && between.output.isEmpty)
      #expect(between.error.contains("between run 2 and run 3"))
    }

    @Test("fit the terminal that shows them")
    func terminal() async throws {
      try await run([("a", Self.flat("https://a/")), ("b", .notFound)])
      try await run([("a", Self.flat("https://long/" + String(repeating: "x", count: 300))), ("b", .notFound)])
      try program.folder.write(
        "show.sh", "stty cols 60; exec \(try program.shellCommand()) changes\n")
      let status = try Shell.run("/usr/bin/script", ["-qec", "sh show.sh", "shown.txt"], in: program.folder)
      #expect(status == 0)
      let lines = try program.folder.text("shown.txt").split(whereSeparator: \.isNewline)
      let row = try #require(lines.first { $0.contains("changed") })
      #expect(row.count == 60 && row.hasSuffix("…"))
    }

    @Test(
      "and runs end with the documented code where there is nothing to compare, and leave nothing behind",
      arguments: ["changes", "runs"])
    func refusals(command: String) async throws {
      let missing = try await program.run([command])
      #expect(missing.status == 66)
      #expect(missing.error.contains("inventory/inventory.db"))
      #expect(try program.folder.content().isEmpty)
      try program.folder.write(
        "other.db", "no database, but long enough to look into: \(String(repeating: "x", count: 600))")
      #expect(try await program.run([command, "--database", "other.db"]).status == 73)
      #expect(try await program.run([command, "--database", ""]).status == 64)
      #expect(try await program.run([command, "--format", "xml"]).status == 64)
      #expect(try program.folder.content() == ["other.db"])
    }

    @Test("say which run there is not")
    func missingRuns() async throws {
      try await run([("a", .notFound), ("b", .internalError)])
      for (arguments, text) in [
        (["--to", "7"], "no run 7"), (["--from", "9"], "no run 9"), (["--to", "1"], "no run before run 1"),
        (["--from", "1"], "itself"),
      ] {
        let ending = try await program.run(["changes"] + arguments)
        #expect(ending.status == 64)
        #expect(ending.error.contains(text))
      }
      _ = try Shell.run(
        "/usr/bin/sqlite3", ["inventory/inventory.db", "UPDATE runs SET state = 'running', finished_at = NULL"],
        in: program.folder)
      #expect(try await program.run(["changes"]).status == 64)
      let open = try await program.run(["changes", "--to", "1"])
      #expect(open.status == 65)
      #expect(open.error.contains("run 1 has not finished; continue it with run --resume"))
    }

    @Test("are told while a run is at work, which goes on undisturbed, and end quietly when nobody reads on")
    func concurrently() async throws {
      try program.folder.writeList((1...3000).map { "project-\($0)" })
      for _ in 0..<2 {
        _ = try await program.run([
          "list.csv", "--sandbox", "--rate", "0", "--max-attempts", "1", "--concurrency", "32",
        ])
      }
      let running = try program.start(["list.csv", "--sandbox", "--rate", "200"])
      try await wait { program.folder.exists("inventory/inventory.db-wal") }
      for arguments in [["changes"], ["changes", "--from", "1", "--to", "2"], ["runs"]] {
        let ending = try await program.run(arguments)
        #expect(ending.status == 0, "\(ending.error)")
        #expect(!ending.output.isEmpty)
      }
      running.send(SIGTERM)
      #expect(try await running.ending.signal == SIGTERM)
      let command = try program.shellCommand()
      try program.folder.write(
        "head.sh",
        """
        \(command) changes --all --format csv 2> err.txt | head -n 1 > out.txt
        echo "${PIPESTATUS[0]}" >> out.txt
        """)
      #expect(try Shell.run("/bin/bash", ["head.sh"], in: program.folder) == 0)
      #expect(try program.folder.text("out.txt").hasPrefix("line,project_id"))
      #expect(try program.folder.text("out.txt").hasSuffix("\r\n0\n"))
      #expect(try program.folder.text("err.txt").isEmpty)
    }

    @Test("are computed anew when a run asks again, or goes on after it was killed")
    func again() async throws {
      let (a, b) = (Self.flat("https://a/"), Self.flat("https://b/"))
      try await run([("p", a), ("q", a)])
      try await run([("p", .internalError), ("q", b)])
      #expect(try inventory.csv().map { $0["change"] } == ["unknown", "changed"])
      // The list and the address are those of the run: a server that answers differently in its place.
      _ = try Shell.run(
        "/usr/bin/sqlite3", ["inventory/inventory.db", "UPDATE runs SET base_url = 'sandbox'"], in: program.folder)
      let retried = try await program.run(["list.csv", "--sandbox", "--rate", "0", "--retry-failed"])
      #expect(retried.status == 0, "\(retried.error)")
      let changes = try inventory.csv().map { $0["change"] ?? "" }
      #expect(["changed", "gone"].contains(changes[0]) && changes[1] == "changed")
      #expect(
        try inventory.query("SELECT count(*) FROM results WHERE run_id = 2 AND last_good_at IS NOT NULL") == ["0"])
      // Killed before its reports were in place.
      _ = try Shell.run(
        "/usr/bin/sqlite3",
        [
          "inventory/inventory.db",
          "UPDATE runs SET state = 'running' WHERE id = 2; UPDATE results SET change = NULL, changed_fields = NULL",
        ], in: program.folder)
      #expect(try await program.run(["list.csv", "--sandbox", "--rate", "0", "--resume"]).status == 0)
      #expect(try inventory.csv().map { $0["change"] } == changes)
    }

    @Test("runs tells of each run, in every format")
    func runs() async throws {
      try await threeRuns()
      let ending = try await program.run(["runs", "--format", "csv"])
      #expect(ending.status == 0 && ending.error.isEmpty)
      let records = try records(ending.output)
      #expect(
        ending.output.hasPrefix(
          "id,state,started_at,finished_at,duration_ms,list_path,list_rows,found,not_found,unauthorized,"
            + "invalid_response,failed,invalid_id,skipped,requests,held_reason\r\n"))
      #expect(
        try inventory.query("SELECT id, state, started_at, finished_at, list_path, list_rows, requests FROM runs")
          == records.map { record in
            ["id", "state", "started_at", "finished_at", "list_path", "list_rows", "requests"]
              .map { record[$0] ?? "" }.joined(separator: "|")
          })
      #expect(records.map { $0["found"] } == ["5", "3", "4"])
      #expect(records.map { $0["failed"] } == ["1", "2", "1"])
      #expect(records.map { $0["unauthorized"] } == ["0", "1", "1"])
      #expect(records.map { $0["invalid_id"] } == ["0", "0", "1"])
      let lines = try objects(try await program.run(["runs", "--format", "jsonl"]).output)
      #expect(lines.map { $0["list_rows"] as? Int } == [7, 7, 8])
      #expect(lines.allSatisfy { ($0["duration_ms"] as? Int ?? -1) >= 0 })
      let table = try await program.run(["runs"]).output.split(separator: "\n")
      #expect(table.count == 4)
      #expect(table[0].hasSuffix("LIST") && table[3].hasSuffix("list.csv"))
      #expect(table.allSatisfy { $0.count <= 80 })
    }
  }
}
