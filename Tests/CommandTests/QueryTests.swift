import DelimitedText
import Foundation
import SandboxGateway
import Testing

extension TheProgram {
  @Suite("query", .timeLimit(.minutes(5)))
  struct QueryTests {
    private let program: Program

    init() throws {
      program = try Program()
    }

    /// Rows without end.
    private static let endless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"

    /// A database with a run over these projects.
    private func takeInventory(_ list: String = "project_id,owner\nalpha,Ana\nbeta,\n007,Ana\n42,7\n") async throws {
      try program.folder.write("list.csv", list)
      let ending = try await program.run(["list.csv", "--sandbox", "--rate", "0", "--max-attempts", "1", "-q"])
      #expect([0, 2].contains(ending.status))
    }

    private func ask(_ arguments: String...) async throws -> Program.Ending {
      try await program.run(["query"] + arguments)
    }

    private func csv(_ arguments: String...) async throws -> [String] {
      let ending = try await program.run(["query", "--format", "csv"] + arguments)
      #expect(ending.status == 0 && ending.error.isEmpty, "\(ending.error)")
      return ending.output.components(separatedBy: "\r\n").dropLast()
    }

    /// Names and bytes of what is in the database's folder.
    private func content() throws -> [String: Data] {
      try Dictionary(
        uniqueKeysWithValues: program.folder.content("inventory").map {
          ($0, try program.folder.data("inventory/\($0)"))
        })
    }

    @Test("prints the rows as a table, CSV and JSON Lines")
    func formats() async throws {
      try await takeInventory()
      let sql = """
        SELECT 1 AS one, -0.5 AS half, NULL AS none, 'a,"b' AS text, x'00FF' AS bytes, 2 AS one, 3 AS one_2,
          9e999 AS much UNION ALL SELECT 20, 1e300, '', 'línea
        dos', x'', 0, 0, 0
        """
      #expect(
        try await csv(sql) == [
          "one,half,none,text,bytes,one_3,one_2,much", #"1,-0.5,,"a,""b",x'00FF',2,3,9e999"#,
          "20,1e+300,,\"línea\ndos\",x'',0,0,0",
        ])
      let lines = try await ask(sql, "--format", "jsonl").output
      #expect(
        lines == #"""
          {"one":1,"half":-0.5,"none":null,"text":"a,\"b","bytes":"x'00FF'","one_3":2,"one_2":3,"much":9e999}
          {"one":20,"half":1e+300,"none":"","text":"línea\ndos","bytes":"x''","one_3":0,"one_2":0,"much":0}

          """#)
      #expect(
        try await ask(sql).output == #"""
          one    half  none  text           bytes    one  one_2   much
            1    -0.5        a,"b           x'00FF'    2      3  9e999
           20  1e+300        línea\u{A}dos  x''        0      0      0

          """#)
    }

    @Test("says that there are no rows, and prints the columns nonetheless")
    func noRows() async throws {
      try await takeInventory()
      let ending = try await ask("SELECT line, outcome FROM latest WHERE line < 0", "--format", "csv")
      #expect(
        ending.status == 0 && ending.output == "line,outcome\r\n" && ending.error == "info: the answer has no rows\n")
      let table = try await ask("SELECT line FROM latest WHERE line < 0", "-q")
      #expect(table.status == 0 && table.output.isEmpty && table.error.isEmpty)
    }

    @Test(
      "refuses whatever else than reading, and leaves the database's bytes as they are",
      arguments: [
        "INSERT INTO findings VALUES (1, 2, 'a', 'r', 'low', 'd')", "UPDATE runs SET state = 'stopped'",
        "DELETE FROM results", "REPLACE INTO runs SELECT * FROM runs", "DROP TABLE findings", "DROP VIEW latest",
        "CREATE TABLE t (a)", "CREATE TEMP TABLE t (a)", "CREATE INDEX i ON runs (state)", "CREATE VIEW v AS SELECT 1",
        "CREATE TRIGGER t AFTER INSERT ON runs BEGIN SELECT 1; END", "CREATE VIRTUAL TABLE v USING fts5 (a)",
        "ALTER TABLE runs ADD COLUMN a", "ATTACH 'other.db' AS other", "ATTACH ':memory:' AS other", "DETACH main",
        "PRAGMA user_version = 9", "PRAGMA user_version(9)", "PRAGMA application_id = 9", "PRAGMA writable_schema = 1",
        "PRAGMA query_only = 0", "PRAGMA journal_mode = DELETE", "PRAGMA wal_checkpoint", "PRAGMA optimize",
        "PRAGMA temp_store_directory = '/'", "VACUUM;", "VACUUM INTO 'copy.db'", "REINDEX;", "ANALYZE;",
        "BEGIN IMMEDIATE", "SAVEPOINT a", "WITH a AS (SELECT 1) DELETE FROM runs",
        "EXPLAIN INSERT INTO runs SELECT * FROM runs", "SELECT load_extension('x')",
        "UPDATE sqlite_schema SET sql = ''", "INSERT INTO sqlite_schema VALUES (1, 2, 3, 4, 5)",
        "SELECT 1; DELETE FROM runs",
      ])
    func refused(sql: String) async throws {
      try await takeInventory()
      let before = try content()
      let ending = try await ask(sql)
      #expect(ending.status == 64 && ending.output.isEmpty)
      #expect(
        ending.error.hasPrefix("error: SQL: ") && ending.error.split(separator: "\n").count == 1, "\(ending.error)")
      #expect(try content() == before)
      #expect(try program.folder.content() == ["inventory", "list.csv"])
    }

    @Test("lets through what only tells: pragmas, functions of tables, plans")
    func telling() async throws {
      try await takeInventory()
      #expect(try await csv("PRAGMA user_version") == ["user_version", "9"])
      #expect(try await csv("PRAGMA table_info(findings)").count == 7)
      #expect(try await csv("SELECT name FROM pragma_table_info('findings') WHERE pk > 3") == ["name", "detail"])
      #expect(try await csv("SELECT key, value FROM json_each('{\"a\": 1}')") == ["key,value", "a,1"])
      #expect(try await csv("PRAGMA integrity_check") == ["integrity_check", "ok"])
      #expect(try await csv("EXPLAIN QUERY PLAN SELECT * FROM latest").count > 2)
    }

    @Test(
      "says what is wrong with the SQL, and where",
      arguments: [
        ("SELEC 1", #"SQL: line 1, column 1: near "SELEC": syntax error"#),
        ("SELECT line,\n  colour FROM latest", "SQL: line 2, column 3: no such column: colour"),
        ("SELECT 'é', no FROM latest", "SQL: line 1, column 13: no such column: no"),
        ("SELECT * FROM things", "no such table: things"),
        ("SELECT (1", "SQL: incomplete input"),
        (
          "SELECT * FROM latest WHERE outcome = \"found\"",
          "column 38: no such column: found. In SQL, double quotes enclose names"
        ),
        ("SELECT json('{')", "SQL: malformed JSON"),
        ("SELECT 1; SELECT 2", "SQL: line 1, column 11: a second statement begins here"),
        ("SELECT 1;\n\n  nonsense", "SQL: line 3, column 3: a second statement begins here"),
        ("-- nothing", "SQL: the SQL is empty; write one statement"), (" ; ", "the SQL is empty; write one statement"),
        ("", "SQL: the SQL is empty; write one statement"),
      ])
    func mistakes(sql: String, expected: String) async throws {
      try await takeInventory()
      let ending = try await ask(sql)
      #expect(ending.status == 64 && ending.output.isEmpty)
      #expect(ending.error.contains(expected), "\(ending.error)")
      #expect(ending.error.split(separator: "\n").count == 1)
    }

    @Test(
      "takes one statement with comments and a semicolon, from wherever",
      arguments: [
        "SELECT 1 AS a;", "-- first\nSELECT 1 AS a", "/* x */ SELECT 1 AS a; -- last", "SELECT 1 AS a ; ;\n/* end */\n",
        ";SELECT 1 AS a", "SELECT(1)AS\na",
      ])
    func statements(sql: String) async throws {
      try await takeInventory()
      #expect(try await csv(sql) == ["a", "1"])
      try program.folder.write("q.sql", "\u{FEFF}" + sql)
      #expect(try await csv("--file", "q.sql") == ["a", "1"])
      for arguments in [["-"], ["--file", "-"]] {
        let ending = try await program.run(["query", "--format", "csv"] + arguments, input: sql)
        #expect(ending.status == 0 && ending.output == "a\r\n1\r\n")
      }
    }

    @Test("ends with 66 where there is no file or no database, and with 65 where the SQL is not UTF-8")
    func missing() async throws {
      #expect(try await ask("SELECT 1").status == 66)
      #expect(try program.folder.content() == [])
      try await takeInventory()
      let file = try await ask("--file", "none.sql")
      #expect(file.status == 66 && file.error == "error: none.sql: no such file or directory\n")
      try program.folder.write("latin.sql", Data("SELECT 'caf\u{E9}'".unicodeScalars.map { UInt8($0.value) }))
      #expect(try await ask("--file", "latin.sql").status == 65)
      #expect(try await ask("SELECT 1", "--database", "other.db").status == 66)
      for arguments in [[], ["--file", "q.sql", "SELECT 1"], ["--list", "--schema"]] {
        #expect(try await program.run(["query"] + arguments).status == 64)
      }
    }

    @Test("refuses a database of another program, a newer one, and what is no database, and leaves them as they are")
    func foreign() async throws {
      for (name, sql) in [
        ("foreign.db", "CREATE TABLE music (title TEXT)"),
        ("newer.db", "PRAGMA application_id = 0x4A494E56; PRAGMA user_version = 99; CREATE TABLE runs (id)"),
      ] {
        try Shell.run("/usr/bin/sqlite3", [name, sql], in: program.folder)
      }
      try program.folder.write("text.db", "project_id\n1\n")
      let content = try program.folder.content()
      for name in content {
        let before = try program.folder.data(name)
        let ending = try await ask("SELECT 1", "--database", name)
        #expect(ending.status == 73 && ending.error.hasPrefix("error: \(name): "), "\(ending.error)")
        #expect(try program.folder.data(name) == before)
      }
      #expect(try program.folder.content() == content)
    }

    @Test("answers from an older database as from one of today, and leaves it as it is")
    func older() async throws {
      try await takeInventory()
      // As the schema's fourth step left it.
      try Shell.run(
        "/usr/bin/sqlite3",
        [
          "inventory/inventory.db",
          """
          DROP VIEW latest_changes; ALTER TABLE results DROP COLUMN previous_run;
          ALTER TABLE results DROP COLUMN previous_line; PRAGMA user_version = 4;
          """,
        ], in: program.folder)
      let before = try content()
      #expect(try await csv("SELECT count(*) AS n FROM latest") == ["n", "4"])
      #expect(try await csv("SELECT DISTINCT previous_run FROM results") == ["previous_run", ""])
      #expect(try await csv("SELECT count(*) AS n FROM latest_changes") == ["n", "0"])
      #expect(try content() == before)
    }

    @Test("gives parameters their values, by any of SQLite's signs")
    func parameters() async throws {
      try await takeInventory()
      let ending = try await ask(
        "SELECT :a AS a, @b AS b, $c AS c, :a || '' AS d", "--format", "jsonl", "-p", "a", "-5", "-p", ":b",
        "it's = 'x'",
        "-p", "c=--list")
      #expect(ending.output == "{\"a\":-5,\"b\":\"it's = 'x'\",\"c\":\"--list\",\"d\":\"-5\"}\n")
      #expect(try await ask("SELECT :x AS x", "-p", "x", "", "--format", "jsonl").output == "{\"x\":\"\"}\n")
    }

    @Test(
      "wants every parameter to have a value and every value a parameter",
      arguments: [
        (["SELECT :a, :b"], ":a, :b"),
        (["SELECT :a, @b", "-p", "a", "1"], "without a value: @b; set each with -p b value"),
        (["SELECT 1", "-p", "a", "1"], "no parameter a; it has no parameters"),
        (["SELECT :b", "-p", "a", "1", "-p", "b", "2"], "no parameter a; its parameters are :b"),
        (["SELECT ?"], "without a name"), (["SELECT ?1", "-p", "1", "2"], "without a name"),
        (["SELECT :a", "-p", "a", "1", "-p", "a", "2"], "twice"), (["SELECT :a", "-p", "a"], "-p"),
      ])
    func wrongParameters(arguments: [String], expected: String) async throws {
      try await takeInventory()
      let ending = try await program.run(["query"] + arguments)
      #expect(ending.status == 64 && ending.output.isEmpty)
      #expect(ending.error.contains(expected), "\(ending.error)")
    }

    @Test(
      "compares a parameter as its user means it",
      arguments: [
        ("SELECT line FROM results WHERE project_id = :v", "007", "4"),
        ("SELECT line FROM results WHERE project_id = :v", "7", nil),
        ("SELECT line FROM results WHERE project_id = :v", "42", "5"),
        ("SELECT line FROM results WHERE project_id = :v", "042", nil),
        ("SELECT project_id FROM latest WHERE line = :v", "4", "007"),
        ("SELECT project_id FROM latest WHERE line = :v", "04", "007"),
        ("SELECT count(*) FROM latest HAVING count(*) = :v", "4", "4"),
        ("SELECT avg(line) FROM latest HAVING avg(line) = :v", "3.5", "3.5"),
        ("SELECT line FROM latest ORDER BY line LIMIT :v", "1", "2"),
        ("SELECT line FROM latest WHERE input ->> '$.owner' = CAST(:v AS TEXT)", "7", "5"),
        ("SELECT min(line) FROM latest WHERE input ->> '$.owner' = :v", "Ana", "2"),
        ("SELECT typeof(:v)", "9223372036854775807", "integer"), ("SELECT typeof(:v)", "9223372036854775808", "text"),
        ("SELECT typeof(:v)", "0.25", "real"), ("SELECT typeof(:v)", "0.250", "text"),
        ("SELECT typeof(:v)", "1e3", "text"),
        ("SELECT typeof(:v)", "+5", "text"), ("SELECT typeof(:v)", "-0", "text"), ("SELECT typeof(:v)", "nan", "text"),
        ("SELECT typeof(:v)", "inf", "text"), ("SELECT typeof(:v)", "0.1234567890123456", "text"),
      ])
    func comparing(sql: String, value: String, expected: String?) async throws {
      try await takeInventory()
      let ending = try await ask(sql, "-p", "v", value, "--format", "csv")
      #expect(ending.output.components(separatedBy: "\r\n")[1] == expected ?? "")
    }

    @Test("ends a statement that takes too long, with what it has found so far")
    func timeLimit() async throws {
      try await takeInventory()
      let begin = ContinuousClock.now
      let silent = try await ask("SELECT count(*) FROM (\(Self.endless))", "--time-limit", "0.5")
      #expect(ContinuousClock.now - begin < .seconds(5))
      #expect(silent.status == 2 && silent.output.isEmpty)
      #expect(silent.error.contains("time limit of 0.5 seconds"))
      let rows = try await ask("SELECT i FROM (\(Self.endless)) WHERE i <= 3", "--time-limit", "0.5")
      #expect(rows.status == 2 && rows.output == "i\n1\n2\n3\n")
      #expect(try await ask("SELECT 1", "--time-limit", "0").status == 0)
      for value in ["-1", "nan", "soon"] { #expect(try await ask("SELECT 1", "--time-limit", value).status == 64) }
    }

    @Test("is ended by a signal at once, and leaves nothing beside the database", arguments: [SIGINT, SIGTERM])
    func signals(signal: Int32) async throws {
      try await takeInventory()
      let files = try program.folder.content("inventory")
      let running = try program.start(["query", "SELECT count(*) FROM (\(Self.endless))", "--time-limit", "0"])
      try await wait { program.folder.exists("inventory/inventory.db-shm") }
      try await Task.sleep(for: .milliseconds(300))
      let begin = ContinuousClock.now
      running.send(signal)
      #expect(try await running.ending.signal == signal)
      #expect(ContinuousClock.now - begin < .seconds(2))
      #expect(try program.folder.content("inventory") == files)
    }

    @Test("is quiet when its reader goes away, and ends by a signal though its reader does not read")
    func readers() async throws {
      try await takeInventory()
      let command = try program.shellCommand()
      let script =
        "\(command) query \"\(Self.endless)\" --format csv 2>err | head -n 2 >out; echo ${PIPESTATUS[0]} >status"
      #expect(try Shell.run("/bin/bash", ["-c", script], in: program.folder) == 0)
      #expect(try program.folder.text("out") == "i\r\n1\r\n")
      #expect(try program.folder.text("err").isEmpty)
      #expect(try program.folder.text("status") == "0\n")
      let stalled = """
        mkfifo pipe
        sleep 20 <pipe & reader=$!
        \(command) query "\(Self.endless)" --format csv >pipe & program=$!
        sleep 1
        kill -TERM $program
        wait $program
        echo $? >status
        kill -KILL $reader
        """
      let begin = ContinuousClock.now
      try Shell.run("/bin/bash", ["-c", stalled], in: program.folder)
      #expect(ContinuousClock.now - begin < .seconds(10))
      #expect(try program.folder.text("status") == "143\n")
    }

    @Test("answers while a run is at work, and lets it work on")
    func duringRun() async throws {
      try program.folder.writeList((1...120).map { "project-\($0)" })
      let log = SandboxLog()
      try await SandboxServer(behavior: SandboxBehavior(latency: .milliseconds(100)), log: log).serving {
        [program] baseURL in
        let running = try program.start([
          "list.csv", "--base-url", baseURL, "--rate", "40", "--max-attempts", "1",
        ])
        try await wait { log.entries.count > 20 }
        var counts: [Int] = []
        for _ in 1...5 {
          let ending = try await program.run([
            "query", "SELECT count(outcome) AS n FROM results", "--format", "csv",
          ])
          #expect(ending.status == 0 && ending.error.isEmpty, "\(ending.error)")
          counts.append(Int(ending.output.split(whereSeparator: \.isNewline).last ?? "") ?? -1)
        }
        #expect(counts == counts.sorted() && counts[0] >= 0 && counts[4] < 120)
        let ending = try await running.ending
        #expect([0, 2].contains(ending.status))
      }
      #expect(try await csv("SELECT count(outcome) AS n FROM results") == ["n", "120"])
      #expect(!program.folder.exists("inventory/inventory.db-wal"))
      try Inventory(in: program.folder).expectBalance(lines: Array(2...121))
    }

    @Test("answers from a folder that can't be written", .enabled(if: Mount.isPossible))
    func readOnlyFolder() async throws {
      try await takeInventory()
      try await Mount.using(size: "4m", at: "frozen", in: program.folder) { [program] mount in
        try Shell.run("/usr/bin/cp", ["inventory/inventory.db", "frozen/with # and ?.db"], in: program.folder)
        try mount.freeze()
        let ending = try await program.run([
          "query", "SELECT count(*) AS n FROM latest", "--database", "frozen/with # and ?.db", "--format", "csv",
        ])
        #expect(ending.status == 0 && ending.output == "n\r\n4\r\n", "\(ending.error)")
      }
    }

    @Test("prints a million rows in the memory that a few need")
    func manyRows() async throws {
      try await takeInventory()
      var peaks: [Int] = []
      for count in [1000, 1_000_000] {
        var measured = program
        measured.wrapper = [
          "/usr/bin/python3", "-c",
          "import resource, subprocess, sys; code = subprocess.call(sys.argv[2:]); "
            + "open(sys.argv[1], 'w').write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)); sys.exit(code)",
          program.folder.path + "/peak",
        ]
        let ending = try await measured.run(
          [
            "query", "SELECT i, 'project-' || i AS project_id FROM (\(Self.endless)) LIMIT :count", "-p", "count",
            "\(count)", "--format", "csv",
          ], limit: .seconds(120))
        #expect(ending.status == 0)
        #expect(ending.output.utf8.count { $0 == UInt8(ascii: "\n") } == count + 1)
        #expect(ending.output.hasSuffix("\(count),project-\(count)\r\n"))
        peaks.append(try #require(Int(try program.folder.text("peak"))))
      }
      #expect(peaks[1] - peaks[0] < 4096, "KiB: \(peaks)")
    }
  }
}
