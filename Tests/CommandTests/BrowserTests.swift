import Foundation
import SandboxGateway
import Testing

extension TheReports {
  /// The page in a headless Chromium. What each check looks at is said in Browser/check.py.
  @Suite("The page in a browser", .timeLimit(.minutes(5)))
  struct BrowserTests {
    private let program: Program

    init() throws {
      program = try Program()
    }

    private static let checks = [
      "valid", "filters", "search", "sorting", "details", "links", "plain", "themes", "access", "hostile",
    ]

    private func check(_ name: String, _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation) throws
    {
      try Browser.check(name, arguments, in: program.folder, sourceLocation: sourceLocation)
    }

    private var page: String { program.folder.path + "/inventory/inventory.html" }
    private var lines: String { program.folder.path + "/inventory/inventory.jsonl" }

    @Test("of the sample, of its second run, is what its checks say", arguments: checks)
    func sample(name: String) async throws {
      let samples = Program.root.appending(component: "samples").path()
      // Two lists, so that there are changes.
      let list = try String(contentsOfFile: samples + "/projects.csv", encoding: .utf8)
      try program.folder.write("list.csv", list.split(separator: "\n").dropLast(40).joined(separator: "\n"))
      for path in ["list.csv", samples + "/projects.csv"] {
        let ending = try await program.run([
          path, "--credentials", samples + "/credentials.csv", "--sandbox", "--rate", "0", "--max-attempts", "2",
        ])
        #expect(ending.status == 2)
      }
      try check(name, [page, lines])
    }

    @Test("of hostile columns and answers runs nothing", arguments: ["hostile", "valid", "plain", "filters"])
    func hostileValues(name: String) async throws {
      let values = [
        "<script>window.broken = 1</script>", "\" onmouseover=\"window.broken = 1", "' onfocus='window.broken = 1' x='",
        "<img src=x onerror=window.broken=1>", "javascript:window.broken=1", "</td></table><iframe src=//x.example>",
        "{{title}}", "--><style>*{display:none}</style>", "\u{202E}live", "https://ok.example/a?b=\"c\"<d>",
        "https://x.example/&#34;onclick=window.broken=1", "JAVASCRIPT:alert(1)",
        String(repeating: "long ", count: 3000),
      ]
      func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }
      let ids = values.indices.map { "p\($0)" }
      try program.folder.write(
        "list.csv",
        "project_id,\(quoted("<b onclick=window.broken=1>"))\n"
          + zip(ids, values).map { "\($0),\(quoted($1))\n" }.joined())
      var script: [String: [SandboxReply]] = [:]
      for (id, value) in zip(ids, values) {
        let json = String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
        script[id] = [
          id == "p3"
            ? .custom(status: 403, body: "{\"message\": [\(json)]}")
            : .custom(
              status: 200,
              body:
                "{\"webhookUrl\": \(json), \"id\": \(json), \"authType\": \(json), \"createdAt\": \(json), \"x\": 1}")
        ]
      }
      script["p0"] = [.custom(status: 200, body: "{\"webhookUrl\": \"https://one.example/\"}")]
      script["p6"] = [
        .custom(status: 200, body: "{\"webhookUrl\": \"https://two.example/\", \"authType\": \"bearer\"}")
      ]
      try await SandboxServer(behavior: SandboxBehavior(script: script)).serving { baseURL in
        let ending = try await program.run(["list.csv", "--base-url", baseURL, "--rate", "0", "--max-attempts", "1"])
        #expect(ending.status == 2)
      }
      try check(name, [page, lines])
    }

    @Test(
      "of 5,000 rows is under 2 MB and links every webhook; a shorter table shows what needs attention")
    func large() async throws {
      try program.folder.writeList((1...5000).map { "project-\($0)" })
      #expect(try await program.run(["list.csv", "--sandbox", "--rate", "0", "--max-attempts", "1"]).status == 2)
      #expect(try program.folder.data("inventory/inventory.html").count < 2_000_000)
      try check("long", [page, lines])
      let open = try Inventory(in: program.folder).query(
        "SELECT line FROM latest WHERE outcome NOT IN ('found', 'not_found') ORDER BY line")
      let limit = open.count + 10
      let ending = try await program.run([
        "report", "--html-rows", "\(limit)", "-o", "short", "--database", "inventory/inventory.db",
      ])
      #expect(ending.status == 0, "\(ending.error)")
      let shown = try Inventory(in: program.folder, "short").htmlRows()
      #expect(shown.count == limit)
      #expect(shown.filter { !["found", "not_found"].contains($0.outcome) }.map(\.line) == open)
      #expect(shown.map(\.line) == shown.map(\.line).sorted { (Int($0) ?? 0) < (Int($1) ?? 0) })
      let page = try program.folder.text("short/inventory.html")
      #expect(page.contains("\(limit) of 5,000 rows"))
      #expect(page.contains("inventory.csv"))
    }

    @Test(
      "with every project failed, and with five rows, is what its checks say", arguments: ["themes", "access", "valid"])
    func extremes(name: String) async throws {
      let command = ["list.csv", "--rate", "0", "--max-attempts", "1"]
      let projects = (1...120).map { "project-\($0)" }
      try program.folder.writeList(projects)
      let script = Dictionary(uniqueKeysWithValues: projects.map { ($0, [SandboxReply.internalError]) })
      let ending = try await SandboxServer(behavior: SandboxBehavior(script: script)).serving { baseURL in
        try await program.run(command + ["--base-url", baseURL])
      }
      #expect(ending.status == 2)
      try check(name, [page, lines])
      try program.folder.writeList(Array(projects.prefix(5)))
      _ = try await program.run(command + ["--sandbox"])
      try check(name, [page, lines])
    }
  }
}
