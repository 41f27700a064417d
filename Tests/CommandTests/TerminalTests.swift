import Foundation
import SandboxGateway
import Testing

extension TheProgram {
  @Suite("What is told while it runs", .timeLimit(.minutes(3)))
  struct TerminalTests {
    private let program: Program

    init() throws {
      program = try Program()
      try program.folder.write("list.csv", "project_id\n" + (1...40).map { "project-\($0)\n" }.joined())
    }

    @Test("a summary with counts, first problems and files; no escape sequence where there is no terminal")
    func summary() async throws {
      try program.folder.write("list.csv", "project_id\nalpha\n..\n")
      let server = SandboxServer(behavior: SandboxBehavior(script: ["alpha": [.flat]]))
      let ending = try await server.serving { [program] baseURL in
        try await program.run(["list.csv", "--base-url", baseURL])
      }
      #expect(ending.output.isEmpty)
      for part in [
        "Run 1 finished in ", ": list.csv, 2 rows\n", "\nAnswered   1 of 2: 1 with an integration, 0 without\n",
        "\nNo answer  1 row: 1 invalid_id\n", "\n  1 id-dot-segment (line 3 ..): correct the list\n",
        "\nRequests   1\n",
        "\nFiles      in inventory/: inventory.csv, inventory.jsonl, inventory.html, manifest.json, inventory.db\n",
        "\nFix the causes, then start a new run.\n",
      ] {
        #expect(ending.error.contains(part), "\(part) in: \(ending.error)")
      }
      #expect(!ending.error.contains("\u{1B}"))
    }

    @Test("a summary of what changed since the run before, whichever reports are written", arguments: ["csv", "html"])
    func changes(format: String) async throws {
      let flat = { (url: String) in SandboxReply.custom(status: 200, body: #"{"webhookUrl": "\#(url)"}"#) }
      let months: [[(id: String, reply: SandboxReply)]] = [
        [
          ("same", flat("https://a.example/")), ("moves", flat("https://b.example/")), ("leaves", .flat),
          ("comes", .notFound), ("fails", .flat), ("dropped", .flat),
        ],
        [
          ("same", flat("https://a.example/")), ("moves", flat("https://c.example/")), ("leaves", .notFound),
          ("comes", .flat), ("fails", .forbidden), ("fresh", .flat),
        ],
        [("same", flat("https://a.example/"))],
      ]
      var summaries: [String] = []
      for month in months {
        try program.folder.writeList(month.map(\.id))
        let script = Dictionary(uniqueKeysWithValues: month.map { ($0.id, [$0.reply]) })
        let ending = try await SandboxServer(behavior: SandboxBehavior(script: script))
          .serving { [program] baseURL in
            try await program.run(["list.csv", "--base-url", baseURL, "--rate", "0", "--format", format])
          }
        summaries.append(ending.error)
      }
      #expect(!summaries[0].contains("\nChanges "))
      let counts = "1 added, 1 gone, 1 changed, 1 new, 1 unknown, 1 no longer listed"
      #expect(summaries[1].contains(/\nChanges    since run 1 \(\d+ [A-Z][a-z]{2}\):/), "\(summaries[1])")
      #expect(summaries[1].contains("): \(counts)\n"), "\(summaries[1])")
      #expect(summaries[2].contains("): 5 no longer listed\n"), "\(summaries[2])")
      // Nothing differs.
      let ending = try await SandboxServer(behavior: SandboxBehavior(others: flat("https://a.example/")))
        .serving { [program] baseURL in
          try await program.run(["list.csv", "--base-url", baseURL, "--rate", "0", "--format", format])
        }
      #expect(ending.error.contains(/\nChanges    none since run 3 \(/), "\(ending.error)")
    }

    @Test("nothing with -q, not even warnings, when all goes well")
    func quiet() async throws {
      let ending = try await program.run(["list.csv", "--sandbox", "--rate", "0", "-q", "--max-attempts", "1"])
      #expect(ending.error.isEmpty)
      let broken = try await program.run(["none.csv", "--sandbox", "-q"])
      #expect(broken.status == 66)
      #expect(broken.error.contains("none.csv"))
    }

    @Test("plain progress lines every few seconds when there is no terminal, none with --progress none")
    func plain() async throws {
      let arguments = ["list.csv", "--sandbox", "--rate", "6", "--max-attempts", "1"]
      let ending = try await program.run(arguments)
      #expect(ending.error.contains(/(^|\n)[1-9][0-9]? of 40, [0-9.]+\/s, about [0-9]+ s left/), "\(ending.error)")
      #expect(!ending.error.contains("notice:") && !ending.error.contains("done="))
      let silent = try await program.run(arguments + ["--rate", "0", "--progress", "none"])
      #expect(!silent.error.contains(" of 40, "))
      let json = try await program.run(arguments + ["--log-format", "json"])
      let record = try #require(json.error.split(separator: "\n").first { $0.contains(#""message":"progress""#) })
      let object = try #require(try JSONSerialization.jsonObject(with: Data(record.utf8)) as? [String: Any])
      #expect(object["total"] as? Int == 40 && object["retries"] as? Int == 0)
      #expect(object["done"] is Int && object["per_second"] is String && object["left"] is String)
    }

    @Test("JSON log records, one a line, with --log-format json")
    func json() async throws {
      let ending = try await program.run(
        ["list.csv", "--sandbox", "--rate", "0", "-v", "--log-format", "json", "--max-attempts", "1"])
      let lines = ending.error.split(separator: "\n")
      #expect(lines.count > 40)
      for line in lines {
        let record = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(record["level"] is String)
        #expect(record["message"] is String)
        #expect(record["time"] is String)
      }
      let finished = try #require(lines.first { $0.contains("\"message\":\"finished\"") })
      let record = try #require(try JSONSerialization.jsonObject(with: Data(finished.utf8)) as? [String: Any])
      #expect(record["rows"] as? Int == 40)
      #expect((record["files"] as? [String])?.first == "inventory/inventory.csv")
    }

    @Test("control characters from outside are made visible")
    func controlCharacters() async throws {
      try program.folder.write("list.csv", "project_id\nal\u{1B}[31mpha\n\u{9B}31m\nbeta\n")
      let body = #"{"message": "\u001b]0;owned\u0007 \u202eevil", "statusMessage": "error", "status": 0}"#
      let server = SandboxServer(behavior: SandboxBehavior(script: ["beta": [.custom(status: 418, body: body)]]))
      let ending = try await server.serving { [program] baseURL in
        try await program.run(["list.csv", "--base-url", baseURL, "-v"])
      }
      #expect(ending.status == 2)
      for scalar in ending.error.unicodeScalars where scalar != "\n" {
        #expect(scalar.properties.generalCategory != .control)
        #expect(scalar.properties.generalCategory != .format)
      }
      #expect(ending.error.contains("\\u{1B}[31m"))
    }

    /// The command itself is on the screen, too, and may be wrapped anywhere.
    private static func tellsOfTheEnd(_ line: String) -> Bool {
      line.hasPrefix("ended ") && line.dropFirst(6).allSatisfy(\.isNumber)
    }

    private static let commands = [
      ["plan", "list.csv", "--sandbox"], ["list.csv", "--sandbox", "--rate", "0"], ["runs", "--database", "none.db"],
    ]

    @Test(
      "on a terminal: no word is cut, in a plan, a warning, an error or the summary", arguments: [40, 60], commands)
    func wholeWords(width: Int, arguments: [String]) async throws {
      try program.folder.write("list.csv", "project_id\nalpha beta gamma\n1,23457E+17\nalpha\nalpha\n..\n")
      // Folders of their own, so that nothing has changed since another run.
      let plain = try await program.run(arguments + ["--progress", "none", "-o", "1"])
      let words = Set((plain.error + plain.output).split { $0 == " " || $0 == "\n" })
      let screen = try TerminalScreen(session: "jelou-test-\(UUID().uuidString)", width: width, in: program.folder)
      defer { screen.close() }
      let command = ([try program.shellCommand()] + arguments).joined(separator: " ")
      try screen.type("clear; \(command) --progress none -o 2; echo ended $?")
      try await wait { try screen.lines().contains(where: Self.tellsOfTheEnd) }
      let shown = try screen.lines().prefix { !Self.tellsOfTheEnd($0) }.flatMap { $0.split(separator: " ") }
      // Without numbers, which differ from run to run.
      let whole = shown.filter { $0.allSatisfy(\.isLetter) }
      #expect(whole.count > 5)
      for word in whole { #expect(words.contains(word), "\(word) is cut in: \(shown)") }
    }

    @Test("on a terminal: one line, drawn over, no wider than the terminal, and gone at the end", arguments: [40, 120])
    func bar(width: Int) async throws {
      let session = "jelou-test-\(UUID().uuidString)"
      let screen = try TerminalScreen(session: session, width: width, in: program.folder)
      defer { screen.close() }
      try screen.type("\(try program.shellCommand()) list.csv --sandbox --rate 20 --max-attempts 1; echo ended $?")
      var sawBar = false
      for _ in 0..<200 {
        let lines = try screen.lines()
        let bars = lines.filter { $0.hasPrefix("[") && $0.contains("/40 ") }
        #expect(bars.count <= 1)
        // The time left is known from the second drawing on.
        let isTimed = bars.allSatisfy { $0.contains(" s left") || $0.contains("] 0/40") || $0.contains("40/40") }
        #expect(isTimed, "\(bars)")
        sawBar = sawBar || bars.count == 1
        if lines.contains(where: Self.tellsOfTheEnd) { break }
        try await Task.sleep(for: .milliseconds(50))
      }
      let end = try screen.lines()
      #expect(sawBar)
      #expect(end.contains(where: Self.tellsOfTheEnd))
      #expect(!end.contains { $0.hasPrefix("[") })
      #expect(end.contains { $0.hasPrefix("Run 1 finished in ") })
      let words = Set(end.flatMap { $0.split(separator: " ") })
      for word in ["integration,", "without", "inventory.jsonl,", "manifest.json,", "inventory.db", "--retry-failed."] {
        #expect(words.contains(Substring(word)), "\(word) is cut in: \(end)")
      }
    }
  }
}

/// A real pseudo-terminal, by tmux.
struct TerminalScreen {
  private let socket: String

  init(session: String, width: Int, in folder: Scratch) throws {
    socket = folder.outside.appending(component: session).path()
    try tmux([
      "-f", "/dev/null", "new-session", "-d", "-x", "\(width)", "-y", "50", "-c", folder.path,
      "env -i PATH=/usr/bin:/bin TERM=screen /bin/sh",
    ])
  }

  func type(_ line: String) throws { try tmux(["send-keys", line, "Enter"]) }

  func press(_ key: String) throws { try tmux(["send-keys", key]) }

  func lines() throws -> [String] {
    try tmux(["capture-pane", "-p"]).split(separator: "\n").map(String.init)
  }

  func close() { _ = try? tmux(["kill-server"]) }

  @discardableResult
  private func tmux(_ arguments: [String]) throws -> String {
    let process = Process()
    let command = Shell.withSignals + ["/usr/bin/tmux", "-S", socket] + arguments
    process.executableURL = URL(filePath: command[0])
    process.arguments = Array(command.dropFirst())
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    // No waiting for the exit: the server that the first call starts holds what the wait would wait for.
    return String(decoding: data, as: UTF8.self)
  }
}
