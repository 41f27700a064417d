import Foundation
import SandboxGateway
import TestSupport
import Testing
import TextFormats

extension TheProgram {
  @Suite("A filter among filters", .timeLimit(.minutes(3)))
  struct FilterTests {
    private let program: Program

    init() throws {
      program = try Program()
    }

    private func ids(_ count: Int) -> [String] { (1...count).map { "project-\($0)" } }

    /// Rows in a file that the program is still writing to, half a line at the end left out.
    private func rows(_ name: String = "out.jsonl") throws -> [[String: Any]] {
      let text = program.folder.exists(name) ? try program.folder.text(name) : ""
      return try text[..<(text.lastIndex(of: "\n") ?? text.startIndex)].split(separator: "\n").map { line in
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
      }
    }

    private func lines(_ rows: [[String: Any]]) -> [Int] { rows.compactMap { $0["line"] as? Int } }

    /// The program with its standard output sent somewhere by a shell.
    private func redirected(_ redirection: String = "> out.jsonl") -> Program {
      var program = program
      program.wrapper = ["/bin/sh", "-c", #"exec "$0" "$@" \#(redirection)"#]
      return program
    }

    /// Runs a shell script in which `$inventory` is the program. Returns what it has printed.
    private func bash(_ script: String) async throws -> Program.Ending {
      try program.folder.write("script.sh", "inventory='\(try Program.executable.path())'\n" + script)
      var shell = program
      shell.wrapper = ["/bin/bash", "script.sh"]
      shell.environment["PATH"] = "/usr/bin:/bin"
      // GNU parallel wants one.
      shell.environment["HOME"] = program.folder.path
      return try await shell.run([])
    }

    /// A gateway that has every project, and is slow for one of them.
    private func gateway<Value>(
      slow: String = "", wait: Duration = .zero, operation: (ScriptedServer) async throws -> Value
    ) async throws -> Value {
      @Sendable func response(_ path: String) -> String {
        let project = path.split(separator: "/").last ?? ""
        let body = #"{"webhookUrl":"https://hooks.acme.example/\#(project)","authType":"bearer"}"#
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
      }
      return try await ScriptedServer.serving(
        .answer { path in (path.hasSuffix("/" + slow) ? [.wait(wait)] : []) + [.send(response(path))] }, .again,
        operation: operation)
    }

    private static let streaming = ["--format", "jsonl", "--output", "-"]

    @Test(
      "reads IDs from standard input and writes the report's own rows, and no file",
      arguments: ["alpha\nbeta\n", "alpha\nbeta", "alpha", "alpha\r\n..\r\nalpha\r\n", "project_id,team\nalpha,red\n"])
    func keys(input: String) async throws {
      try await gateway { server in
        let arguments = ["run", "-", "--base-url", server.baseURL, "--rate", "0"]
        let streamed = try await program.run(arguments + Self.streaming + ["--ordered"], input: input)
        #expect(try program.folder.content() == [])
        let whole = try await program.run(arguments + ["--format", "jsonl"], input: input)
        #expect(streamed.status == whole.status)
        func comparable(_ text: String) -> String {
          text.replacing(/"duration_ms":\d+,"fetched_at":"[^"]*"/, with: "")
        }
        #expect(try comparable(streamed.output) == comparable(program.folder.text("inventory/inventory.jsonl")))
        #expect(streamed.output.hasSuffix("}\n"))
      }
    }

    @Test("an unusable list is 65, an empty one too, before any request and any byte", arguments: ["", "a,b\n1,2,3\n"])
    func unusable(input: String) async throws {
      try await gateway { server in
        let ending = try await program.run(["run", "-", "--base-url", server.baseURL] + Self.streaming, input: input)
        #expect(ending.status == 65)
        #expect(ending.output.isEmpty && server.record.requests.isEmpty)
        #expect(try program.folder.content() == [])
      }
    }

    @Test("writes rows as answers come, the first within a second; with --ordered each once those before it are out")
    func order() async throws {
      try program.folder.writeList(ids(20))
      for arguments in [[], ["--ordered"]] {
        try await gateway(slow: "project-3", wait: .seconds(3)) { server in
          try program.folder.write("out.jsonl", "")
          let begin = ContinuousClock.now
          let running = try redirected().start(
            ["run", "list.csv", "--base-url", server.baseURL, "--rate", "0"] + Self.streaming + arguments)
          try await wait { try !rows().isEmpty }
          #expect(ContinuousClock.now - begin < .seconds(1))
          let early = arguments.isEmpty ? Set(2...21).subtracting([4]) : [2, 3]
          try await wait { try rows().count >= early.count }
          try await Task.sleep(for: .milliseconds(500))
          #expect(try Set(lines(rows())) == early)
          #expect(try await running.ending.status == 0)
          let all = try lines(rows())
          #expect(arguments.isEmpty ? all.last == 4 && Set(all) == Set(2...21) : all == Array(2...21))
          #expect(all.count == 20)
        }
      }
    }

    @Test("writes every row once, those without a request too, whatever its outcome", arguments: [[], ["--ordered"]])
    func outcomes(arguments: [String]) async throws {
      let plain = ids(400).map { $0 + ",," }
      try program.folder.write(
        "list.csv",
        "project_id,credential,team\n"
          + (plain + ["..,,", "later,nobody,", "project-7,,x", ",,y"] + plain)
          .joined(separator: "\n"))
      try await SandboxServer(behavior: SandboxBehavior(latency: .milliseconds(2))).serving { [program] baseURL in
        let ending = try await program.run(
          ["list.csv", "--base-url", baseURL, "--rate", "0", "--max-attempts", "1", "--database", "x/inventory.db"]
            + Self.streaming + arguments)
        #expect(ending.status == 2)
        #expect(try program.folder.content("x") == ["inventory.db"])
        try program.folder.write("out.jsonl", ending.output)
        let inventory = Inventory(in: program.folder, "x")
        let all = try rows()
        let pairs = all.map { "\($0["line"] as? Int ?? 0)|\($0["outcome"] as? String ?? "")" }
        let expected = try inventory.query("SELECT line, outcome FROM results ORDER BY line")
        #expect(arguments.isEmpty ? Set(pairs) == Set(expected) : pairs == expected)
        #expect(pairs.count == 804)
        #expect(try inventory.query("SELECT state FROM runs") == ["finished"])
        // The findings are those that the database gets in the end, but for what compares webhooks.
        let findings = all.flatMap { row in
          (row["findings"] as? [[String: String]] ?? []).map {
            "\(row["line"] as? Int ?? 0)|\($0["rule"] ?? "")|\($0["detail"] ?? "")"
          }
        }
        #expect(
          try findings.sorted()
            == inventory.query("SELECT line, rule, detail FROM findings WHERE rule <> 'webhook-shared'").sorted())
        #expect(all.allSatisfy { $0["change"] is NSNull })
      }
    }

    @Test("killed and resumed, it writes every row once, asks for no row it has written, and those come first")
    func killed() async throws {
      try program.folder.writeList(ids(2500) + ["project-1"])
      let log = SandboxLog()
      let server = SandboxServer(behavior: SandboxBehavior(latency: .milliseconds(20)), log: log)
      try await server.serving { [program] baseURL in
        let arguments =
          ["list.csv", "--base-url", baseURL, "--rate", "0", "--max-attempts", "1", "--database", "x.db", "--resume"]
          + Self.streaming
        var written: Set<String> = []
        for round in 0..<6 {
          let asked = log.entries.count
          try program.folder.write("out.jsonl", "")
          let running = try redirected().start(arguments + (round % 2 == 0 ? [] : ["--ordered"]))
          try await Task.sleep(for: .milliseconds(Int.random(in: 400...900)))
          // The last time after rows have come, however slow the machine is.
          let latest = ContinuousClock.now + .seconds(20)
          while round == 5, try rows().isEmpty, ContinuousClock.now < latest {
            try await Task.sleep(for: .milliseconds(20))
          }
          running.send(SIGKILL)
          #expect(try await running.ending.signal == SIGKILL)
          let all = try rows()
          #expect(Set(lines(all)).count == all.count)
          #expect(Set(log.entries.dropFirst(asked).compactMap(\.projectID)).isDisjoint(with: written))
          written.formUnion(all.compactMap { $0["project_id"] as? String })
        }
        #expect(!written.isEmpty)
        let asked = log.entries.count
        let ending = try await program.run(arguments)
        #expect([0, 2].contains(ending.status), "\(ending.error)")
        try program.folder.write("out.jsonl", ending.output)
        let all = try rows()
        #expect(Set(lines(all)) == Set(2...2502) && all.count == 2501)
        #expect(Set(log.entries.dropFirst(asked).compactMap(\.projectID)).isDisjoint(with: written))
        let askedNow = Set(log.entries.dropFirst(asked).compactMap(\.projectID))
        let isEarlier = all.map { !askedNow.contains($0["project_id"] as? String ?? "") }
        #expect(isEarlier.count { $0 } >= written.count)
        #expect(isEarlier.prefix(while: { $0 }).count == isEarlier.count { $0 })
      }
    }

    @Test("a reader that goes away ends it without a word, at once, and what was answered is kept")
    func closedPipe() async throws {
      try program.folder.writeList(ids(200))
      try await gateway(slow: "project-9", wait: .seconds(9)) { server in
        let begin = ContinuousClock.now
        let ending = try await bash(
          """
          "$inventory" run list.csv --base-url \(server.baseURL) --rate 100 --database x.db --progress none \
            --format jsonl --output - | head -n 3 | cut -c1-9
          echo "${PIPESTATUS[0]}"
          """)
        #expect(ContinuousClock.now - begin < .seconds(4))
        #expect(ending.output.hasSuffix("\n0\n") && ending.output.split(separator: "\n").count == 4)
        #expect(ending.error.isEmpty)
        let asked = server.record.requests.count
        #expect(asked < 150)
        let resumed = try await program.run(
          ["list.csv", "--base-url", server.baseURL, "--rate", "0", "--database", "x.db", "--resume"] + Self.streaming)
        #expect(resumed.status == 0)
        #expect(resumed.output.split(separator: "\n").count == 200)
        // Those that were under way, eight at most, are asked for again.
        #expect(server.record.requests.count <= 200 + 8)
      }
    }

    @Test("standard output that is full or closed is 73, in each format", arguments: ["jsonl", "csv", "html", "xlsx"])
    func unwritable(format: String) async throws {
      try program.folder.writeList(ids(30))
      try await gateway { server in
        let arguments = ["list.csv", "--base-url", server.baseURL, "--rate", "0", "--format", format, "-o", "-"]
        let full = try await redirected("> /dev/full").run(arguments)
        #expect(full.status == 73)
        #expect(full.error.contains("standard output: can't be written: no space left on device"))
        let asked = server.record.requests.count
        let closed = try await redirected(">&-").run(arguments + ["--database", "x.db"])
        #expect(closed.status == 73)
        #expect(closed.error.contains("standard output is closed"))
        #expect(server.record.requests.count == asked)
        #expect(try program.folder.content() == ["list.csv"])
      }
    }

    @Test("standard output that is the run's own list or database is refused, and left as it is")
    func ownFile() async throws {
      try program.folder.writeList(ids(3))
      let list = try program.folder.data("list.csv")
      for redirection in [">> list.csv", "< list.csv >> list.csv", "> x.db"] {
        let ending = try await redirected(redirection).run(
          [redirection.hasPrefix("<") ? "-" : "list.csv", "--sandbox", "--database", "x.db"] + Self.streaming)
        #expect(ending.status == 73, "\(redirection): \(ending.error)")
        #expect(ending.error.contains("one of the run's own files"))
        #expect(try program.folder.data("list.csv") == list)
      }
    }

    @Test("a signal: the rows that are left are written all the same", arguments: [[], ["--ordered"]])
    func signal(arguments: [String]) async throws {
      try program.folder.writeList(ids(300))
      try await gateway { server in
        let running = try redirected().start(
          ["list.csv", "--base-url", server.baseURL, "--rate", "50"] + Self.streaming + arguments)
        try await wait { try rows().count > 5 }
        running.send(SIGINT)
        let ending = try await running.ending
        #expect(ending.signal == SIGINT)
        // Nothing is kept that could be gone on with.
        #expect(!ending.error.contains("--resume"))
        let all = try rows()
        #expect(all.count == 300 && Set(lines(all)) == Set(2...301))
        let codes = all.compactMap { ($0["error"] as? [String: String])?["code"] }
        #expect(Set(codes) == ["interrupted"] && codes.count == 300 - server.record.requests.count)
      }
    }

    @Test("a reader that is slow slows the fetching, and takes no memory")
    func slowReader() async throws {
      try program.folder.writeList(ids(30_000))
      try await NginxServer.serving(
        server: #"location / { return 200 '{"webhookUrl":"https://hooks.acme.example/jelou"}'; }"#
      ) { server in
        try program.folder.write(
          "pipe.sh",
          """
          mkfifo rows
          (exec 3< rows; while [ ! -e go ]; do sleep 0.1; done; wc -l <&3 > count) &
          exec "$0" "$@" > rows
          """)
        var piped = program
        piped.wrapper = ["/bin/sh", "-c", try program.folder.text("pipe.sh")]
        let running = try piped.start(
          ["list.csv", "--base-url", server.baseURL, "--rate", "0", "--concurrency", "32"] + Self.streaming)
        var (asked, before) = (0, -1)
        while asked == 0 || asked != before {
          try await Task.sleep(for: .seconds(1))
          (before, asked) = (asked, try server.accesses().count)
        }
        // What may wait, a page of projects, and what the pipe holds.
        #expect(asked > 1000 && asked < 16_000)
        let status = try String(contentsOfFile: "/proc/\(running.id)/status", encoding: .utf8)
        let peak = try #require(status.firstMatch(of: /VmHWM:\s+(\d+) kB/)?.output.1)
        #expect(try #require(Int(peak)) < 150_000)
        try program.folder.write("go", "")
        #expect(try await running.ending.status == 0)
        try await wait { program.folder.exists("count") && (try? program.folder.text("count")) != "" }
        #expect(try program.folder.text("count").trimmingCharacters(in: .whitespacesAndNewlines) == "30000")
      }
    }

    @Test("any other format is what its file would have been", arguments: ["csv", "html", "xlsx"])
    func whole(format: String) async throws {
      try program.folder.write("list.csv", "project_id,team\nalpha,red\n..,\nbeta,\nalpha,\n")
      try await gateway { server in
        let ending = try await redirected("> whole").run([
          "list.csv", "--base-url", server.baseURL, "--rate", "0", "--database", "x.db", "--format", format, "-o", "-",
        ])
        #expect(ending.status == 2)
        for arguments in [["-o", "out"], ["-o", "-"]] {
          let report = try await redirected("> again").run(
            ["report", "--database", "x.db", "--format", format] + arguments)
          #expect(report.status == 0, "\(report.error)")
        }
        let file = try program.folder.data("out/inventory.\(format)")
        #expect(try !file.isEmpty && program.folder.data("whole") == file && program.folder.data("again") == file)
      }
    }

    @Test(
      "wrong usage is told with what to do",
      arguments: [
        (["-o", "-"], "--format"), (["-o", "-", "--format", "csv,jsonl"], "prints a single report"),
        (["--ordered"], "--output -"), (["--ordered", "-o", "-", "--format", "csv"], "--ordered"),
        (["-o", "-", "--format", "jsonl", "--resume"], "--database"),
        (["-o", "-", "--format", "csv", "--retry-failed"], "--database"),
      ])
    func usage(arguments: [String], hint: String) async throws {
      try program.folder.writeList(ids(1))
      for command in ["run", "plan"] {
        let ending = try await program.run([command, "list.csv", "--sandbox"] + arguments)
        #expect(ending.status == 64)
        #expect(ending.error.contains(hint) && ending.output.isEmpty)
      }
      #expect(try program.folder.content() == ["list.csv"])
    }

    @Test("plan tells that there is neither a folder nor a database to keep")
    func plan() async throws {
      try program.folder.writeList(ids(1))
      let ending = try await program.run(["plan", "list.csv", "--sandbox", "--json"] + Self.streaming)
      #expect(ending.status == 0)
      #expect(ending.output.contains(#""output":{"folder":null,"folder_exists":false,"database":null"#))
    }

    @Test("works under xargs, GNU parallel, and as Spark's pipe() drives it: a process for each part")
    func parts() async throws {
      try program.folder.write("ids", ids(1000).map { $0 + "\n" }.joined())
      try await gateway { server in
        let run = #""$inventory" run - --base-url \#(server.baseURL) --rate 0 --format jsonl --output - -q"#
        let scripts = [
          #"export inventory; xargs -n 300 sh -c 'printf "%s\n" "$@" | \#(run)' sh < ids"#,
          #"export inventory; parallel --will-cite --pipe -N 300 --jobs 2 '\#(run)' < ids"#,
          #"for part in 1 2 3; do awk "NR % 3 == $part - 1" ids | \#(run) & done; wait"#,
          // The README's script, and a part without IDs.
          """
          filter() {
            IFS= read -r first || [ -n "$first" ] || return 0
            { printf '%s\n' "$first"; cat; } | \(run) || [ $? -eq 2 ]
          }
          filter < ids && filter < /dev/null
          """,
        ]
        for script in scripts {
          let ending = try await bash(script)
          #expect(ending.status == 0 && ending.error.isEmpty, "\(ending.error)")
          try program.folder.write("out.jsonl", ending.output)
          let projects = try rows().compactMap { $0["project_id"] as? String }
          #expect(projects.count == 1000 && Set(projects) == Set(ids(1000)), "\(script)")
        }
      }
    }

    @Test("on a terminal, no progress is drawn between the rows, and a workbook is refused")
    func terminal() async throws {
      try program.folder.writeList(ids(40))
      let screen = try TerminalScreen(session: "jelou-test-\(UUID().uuidString)", width: 200, in: program.folder)
      defer { screen.close() }
      let run = "\(try program.shellCommand()) list.csv --sandbox --rate 20 --max-attempts 1 -o -"
      try screen.type("\(run) --format xlsx; echo ended $?")
      try await wait { try screen.lines().contains("ended 64") }
      try screen.type("clear; \(run) --format jsonl; echo ended $?")
      for _ in 0..<200 {
        let lines = try screen.lines()
        #expect(!lines.contains { $0.hasPrefix("[") || $0.contains("}[") || $0.contains("/40 ") })
        if lines.contains("ended 2") { break }
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(try screen.lines().contains { $0.hasPrefix("Run 1 finished in ") && $0.hasSuffix(": list.csv, 40 rows") })
    }
  }
}
