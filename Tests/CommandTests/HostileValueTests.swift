import Foundation
import SandboxGateway
import Testing

extension TheReports {
  @Suite("Hostile values", .timeLimit(.minutes(2)))
  struct HostileValueTests {
    private static let values = [
      "../../etc/passwd", "..%2f..%2fadmin", "a/b", "?x=1&y", "#fragment", "//evil.example", "%2e%2e",
      "'); DROP TABLE results;--",
      "\" onmouseover=\"alert(1)", "</td></tr></table><script>alert(1)</script>", "<!--", "]]>", "=1+2", "@SUM(A1)",
      "+1",
      "-1",
      "007", "12345678901234567890", "1.23E+19", "a,b;c|d", "quote\"inside", "back\\slash", "\u{202E}gnp.exe",
      "zero\u{200B}width", "é", "😀👩‍👩‍👧", "NULL", "null", "true", "{{project_id}}", "${HOME}", "$(id)", "`id`",
      "bom\u{FEFF}inside",
    ]

    private let program: Program

    init() throws {
      program = try Program()
    }

    /// As a JSON string, quotes included.
    private func json(_ text: String) throws -> String {
      String(decoding: try JSONSerialization.data(withJSONObject: text, options: .fragmentsAllowed), as: UTF8.self)
    }

    private func quoted(_ cell: String) -> String { "\"" + cell.replacing("\"", with: "\"\"") + "\"" }

    @Test(
      "of every kind come out whole where they can be, and escaped where they must, in every format and on the terminal"
    )
    func everything() async throws {
      let long = String(repeating: "long ", count: 20_000)
      // What only an answer or a list's column can hold.
      let further = [
        "line\nbreak", "carriage\r\nreturn", "\u{1B}[31mred\u{1B}[0m\u{7}", "\u{9B}2J", "tab\there", long,
        "\u{2028}separator", "a\u{85}b", "e\u{301}",
      ]
      let ids = Self.values
      let cells = (Self.values + further)
      var list = "project_id,note\n"
      for (index, id) in ids.enumerated() {
        list += quoted(id) + "," + quoted(cells[(index * 7 + 3) % cells.count]) + "\n"
      }
      for (index, cell) in further.enumerated() { list += "extra-\(index)," + quoted(cell) + "\n" }
      try program.folder.write("list.csv", list)
      var script: [String: [SandboxReply]] = [:]
      let projects = ids + further.indices.map { "extra-\($0)" }
      for (index, project) in projects.enumerated() {
        let value = try json(cells[(index * 5 + 1) % cells.count])
        script[project] = [
          index % 3 == 0
            ? .custom(status: 403, body: #"{"message": [\#(value)], "status": 0}"#)
            : .custom(
              status: 200,
              body: #"{"webhookUrl": \#(value), "id": \#(value), "authType": \#(value), "x": {\#(value): \#(value)}}"#)
        ]
      }
      let log = SandboxLog()
      let ending = try await SandboxServer(behavior: SandboxBehavior(script: script), log: log).serving { baseURL in
        try await program.run(["list.csv", "--base-url", baseURL, "--rate", "0", "-v", "--max-attempts", "1"])
      }
      #expect(ending.status == 2)
      // One request each, as one encoded path segment.
      #expect(Set(log.entries.compactMap(\.projectID)) == Set(projects))
      #expect(log.entries.count == projects.count)
      for entry in log.entries { #expect(entry.path.split(separator: "/").count == 4, "\(entry.path)") }
      // The terminal and the logs get nothing that could steer them.
      for scalar in ending.error.unicodeScalars where scalar != "\n" {
        #expect(![.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory))
      }
      // Whole, in list order, in the formats for programs.
      let inventory = Inventory(in: program.folder)
      let lines = try inventory.csv().compactMap { Int($0["line"] ?? "") }
      try inventory.expectBalance(lines: lines)
      let objects = try inventory.jsonLines()
      let notes = try inventory.csv().map { $0["note"] ?? "" }
      #expect(try inventory.csv().map { $0["project_id"] } == projects)
      #expect(objects.map { $0["project_id"] as? String } == projects)
      #expect(objects.map { ($0["input"] as? [String: String])?["note"] } == notes)
      #expect(Array(notes.suffix(further.count)) == further)
      for (index, object) in objects.enumerated() {
        let value = cells[(index * 5 + 1) % cells.count]
        if index % 3 == 0 {
          let message = (object["error"] as? [String: Any])?["message"] as? String ?? ""
          #expect(
            message == value || message == String(value.unicodeScalars.prefix(2000)) + "…" || message.contains("***"),
            "\(value.prefix(100)) became \(message.prefix(100))")
        } else {
          let integration = try #require(object["integration"] as? [String: Any])
          #expect(integration["id"] as? String == value)
          // A name that speaks of a secret hides its value.
          let isHidden = value.contains("passwd")
          #expect((integration["extra"] as? [String: [String: String]])?["x"] == [value: isHidden ? "***" : value])
        }
      }
      #expect(
        try inventory.query("SELECT count(*), count(DISTINCT project_id) FROM results") == [
          "\(projects.count)|\(projects.count)"
        ])
      // The page holds no markup of theirs.
      let page = try program.folder.text("inventory/inventory.html")
      for part in ["<script>alert", "<!-- ", "onmouseover=\"alert", "href=\"javascript"] {
        #expect(!page.contains(part))
      }
      #expect(!page.unicodeScalars.contains("\u{202E}"))
      // No file is named after any of them.
      #expect(
        try program.folder.content("inventory").filter { !$0.hasSuffix("-shm") && !$0.hasSuffix("-wal") } == [
          "inventory.csv", "inventory.db", "inventory.html", "inventory.jsonl", "manifest.json",
        ])
      #expect(try program.folder.content() == ["inventory", "list.csv"])
    }

    @Test("that are no ID are told as such, one by one, and never asked for")
    func invalidIDs() async throws {
      let ids: [(String, String)] = [
        ("..", "id-dot-segment"), (".", "id-dot-segment"), ("a\u{1B}[31m", "id-control-character"),
        ("a\nb", "id-control-character"), ("\u{9B}2J", "id-control-character"), ("\u{7F}", "id-control-character"),
        (String(repeating: "x", count: 257), "id-too-long"), (String(repeating: "é", count: 50_000), "id-too-long"),
        ("", "empty-id"),
      ]
      try program.folder.write(
        "list.csv", "project_id,note\ngood,0\n" + ids.map { quoted($0.0) + ",1\n" }.joined())
      let log = SandboxLog()
      let server = SandboxServer(behavior: SandboxBehavior(script: ["good": [.flat]]), log: log)
      let ending = try await server.serving { baseURL in
        try await program.run(["list.csv", "--base-url", baseURL])
      }
      #expect(ending.status == 2)
      #expect(log.entries.map(\.projectID) == ["good"])
      let records = try Inventory(in: program.folder).csv().dropFirst()
      #expect(records.map { $0["error_code"] } == ids.map(\.1))
      #expect(records.map { $0["project_id"] } == ids.map(\.0))
      #expect(ending.error.utf8.count < 5000)
    }

    @Test("a NUL in the list is refused with its line; one in an answer cuts nothing off")
    func nul() async throws {
      try program.folder.write("list.csv", "project_id\nal\0pha\n")
      #expect(try await program.run(["list.csv", "--sandbox"]).status == 65)
      try program.folder.writeList(["alpha"])
      let script = [
        "alpha": [SandboxReply.custom(status: 200, body: #"{"webhookUrl":"https://a.example/\u0000.b.example"}"#)]
      ]
      _ = try await SandboxServer(behavior: SandboxBehavior(script: script)).serving { baseURL in
        try await program.run(["list.csv", "--base-url", baseURL])
      }
      #expect(try Inventory(in: program.folder).csv()[0]["webhook_url"] == "https://a.example/\u{FFFD}.b.example")
    }
  }
}
