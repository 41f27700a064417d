import Auditing
import DelimitedText
import Foundation
import InventoryModel
import Testing
import TextFormats

@testable import Reporting

@Suite("What the reports hold")
struct ReportContentTests {
  private func write(
    formats: [ReportFormat] = ReportFormat.usual, run: ReportedRun = NastyRows.run,
    rows: [ResultRow] = NastyRows.rows
  ) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try ReportFolder(path: folder.path, formats: formats, html: .english()).write(run) { body in
      for start in stride(from: 0, to: rows.count, by: 7) { try body(Array(rows[start...].prefix(7))) }
    }
    return folder
  }

  private struct Broken: Error {}

  @Test("many rows come in their order in every report")
  func manyRows() throws {
    let rows = (2...5001).map { ResultRow(line: $0, projectID: "p\($0)", outcome: .notFound) }
    let folder = try write(rows: rows)
    for (file, mark) in [
      ("inventory.csv", ",p"), ("inventory.jsonl", #""project_id":"p"#), ("inventory.html", "data-line=\""),
    ] {
      let told = try folder.text(file).components(separatedBy: mark).dropFirst().compactMap { rest in
        Int(rest.prefix { $0.isNumber })
      }
      #expect(told.filter((2...5001).contains) == Array(2...5001), "\(file)")
    }
  }

  @Test("nothing is left of reports whose rows could not all be had", arguments: [0, 10, 2000])
  func brokenOff(after count: Int) throws {
    let folder = try TemporaryFolder()
    #expect(throws: Broken.self) {
      try ReportFolder(path: folder.path, formats: ReportFormat.usual, html: .english()).write(NastyRows.run) { body in
        for line in 0..<count { try body([ResultRow(line: line + 2, projectID: "p", outcome: .notFound)]) }
        throw Broken()
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test("CSV: every value comes back from an RFC 4180 reader exactly as it was")
  func csvRoundTrip() throws {
    let text = try write().text("inventory.csv")
    var reader = DelimitedReader(BytesInMemory(text.utf8), delimiter: UInt8(ascii: ","))
    let header = try #require(try reader.next()).fields
    #expect(
      header.joined(separator: "|")
        == "line|project_id|owner|input_outcome|a,b|<b>|outcome|http_status|integration_id|brain_id|webhook_url"
        + "|webhook_host|auth_type|created_at|updated_at|findings|change|changed_fields|attempts|duration_ms"
        + "|fetched_at|credential|error_code|error_message")
    for row in NastyRows.rows {
      let fields = try #require(try reader.next()).fields
      #expect(fields.count == header.count)
      let record = Dictionary(uniqueKeysWithValues: zip(header, fields))
      let owner = try #require(InputCells.cells(json: row.inputJSON))[0]
      #expect(record["line"] == String(row.line))
      #expect(record["project_id"] == row.projectID)
      #expect(record["owner"] == owner ?? "")
      #expect(record["outcome"] == row.outcome.rawValue)
      #expect(record["webhook_url"] == row.integration?.webhookURL ?? "")
      #expect(record["error_message"] == row.error?.message ?? "")
    }
    #expect(try reader.next() == nil)
    #expect(text.hasSuffix("\r\n"))
  }

  @Test("JSON Lines: one object a line, every key in every one and in its order, every value exactly as it was")
  func jsonLines() throws {
    let lines = try write().text("inventory.jsonl").split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(lines.count == NastyRows.rows.count)
    let keys = [
      "line", "project_id", "input", "outcome", "http_status", "integration", "findings", "change", "changed_fields",
      "attempts", "duration_ms", "fetched_at", "credential", "error",
    ]
    for (line, row) in zip(lines, NastyRows.rows) {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(Set(object.keys) == Set(keys))
      let places = keys.compactMap { line.firstRange(of: "\"\($0)\":")?.lowerBound }
      #expect(places == places.sorted())
      #expect(object["project_id"] as? String == row.projectID)
      let input = try #require(object["input"] as? [String: Any])
      #expect(input["owner"] as? String == (try #require(InputCells.cells(json: row.inputJSON)))[0])
      let findings = try #require(object["findings"] as? [[String: String]])
      #expect(
        findings
          == row.findings.map { finding in
            ["rule": finding.rule.name, "severity": finding.severity.rawValue, "detail": finding.detail]
          })
      let integration = object["integration"] as? [String: Any]
      #expect((integration == nil) == (row.outcome != .found))
      if let integration {
        #expect(
          Set(integration.keys) == [
            "id", "brain_id", "webhook_url", "webhook_host", "auth_type", "created_at", "updated_at", "extra",
          ])
      }
      #expect((object["error"] as? [String: Any] == nil) == row.outcome.isAnswer)
    }
  }

  @Test("HTML: every row is there, and no value has become markup")
  func html() throws {
    let page = try write().text("inventory.html")
    for row in NastyRows.rows {
      #expect(page.contains("<tr data-line=\"\(row.line)\" data-outcome=\"\(row.outcome.rawValue)\">"))
    }
    #expect(page.contains("<table id=\"inventory\">"))
    #expect(page.components(separatedBy: "<script").count == 2)
    #expect(!page.contains("alert(1)\""))
    #expect(!page.contains("onmouseover=\"alert"))
    #expect(!page.contains("\u{202E}"))
    #expect(!page.contains("\u{1B}"))
    #expect(page.components(separatedBy: "<tr data-line=").count - 1 == NastyRows.rows.count)
  }

  @Test("HTML: each value stands under its own column's name")
  func htmlColumns() throws {
    var row = ResultRow(line: 77, projectID: "PROJECT", outcome: .found, httpStatus: 200)
    row.inputJSON = InputCells.json(columns: ["first", "second"], cells: ["FIRST", "SECOND"])
    row.integration = Integration(
      id: "INTEGRATION", brainID: "BRAIN", webhookURL: "URL", authType: "AUTH", createdAt: "CREATED",
      updatedAt: "UPDATED")
    (row.attempts, row.durationMS, row.fetchedAt, row.credential) = (3, 1456, "FETCHED", "CREDENTIAL")
    row.error = RowError(.timeout, "ERROR")
    row.findings = [Finding(.noAuth, "DETAIL")]
    (row.change, row.changedFields) = (.changed, ["webhook_url", "auth_type"])
    var run = NastyRows.run
    run.record.inputColumns = ["first", "second"]
    let page = try write(run: run, rows: [row]).text("inventory.html")
    func texts(_ markup: Substring, cell: Regex<Substring>) -> [String] {
      markup.split(separator: cell).map {
        $0.replacing(/<[^>]*>/, with: "").trimmingCharacters(in: .whitespacesAndNewlines)
      }
      .filter { !$0.isEmpty }
    }
    let table = try #require(page.split(separator: "id=\"inventory\"").last)
    let head = try #require(table.firstMatch(of: /<thead>[\s\S]*?<\/thead>/)).output
    let body = try #require(page.firstMatch(of: /<tr data-line.*/)).output
    #expect(
      Array(zip(texts(head, cell: #/<th [^>]*>/#), texts(body, cell: /<t[dh]>/))).map {
        "\($0)=\($1)"
      } == [
        "Line=77", "Project=PROJECT", "Outcome=Found", "Change=Changedwebhook_url, auth_type", "Webhook URL=URL",
        "Findings=Medium: no-auth DETAIL", "Error=timeout ERROR", "first=FIRST", "second=SECOND", "Updated=UPDATED",
        "HTTP status=200", "Authentication=AUTH", "Created=CREATED", "Attempts=3", "Duration (ms)=1,456",
        "Fetched=FETCHED",
        "Credential=CREDENTIAL", "Integration ID=INTEGRATION", "Brain ID=BRAIN",
      ])
  }

  @Test("HTML: what a combining character hides from others is escaped all the same")
  func combiningCharacters() throws {
    var row = ResultRow(line: 2, projectID: "\"\u{301} <\u{301}b> &\u{200D}", outcome: .notFound)
    row.inputJSON = InputCells.json(columns: NastyRows.inputColumns, cells: ["'\u{301}", nil, nil, nil])
    let page = try write(rows: [row]).text("inventory.html")
    #expect(page.contains("&quot;\u{301} &lt;\u{301}b&gt; &amp;\\u{200D}"))
    #expect(page.contains("&#39;\u{301}"))
  }

  @Test("HTML: only http and https addresses are links")
  func links() throws {
    let page = try write().text("inventory.html")
    let targets = page.components(separatedBy: "href=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
    #expect(targets.contains("https://hooks.example.com/a?b=c&amp;d=e"))
    #expect(targets.contains("HTTP://hooks.example.com/"))
    for target in targets where !target.hasPrefix("#") { #expect(target.lowercased().hasPrefix("http")) }
    #expect(page.contains("javascript:alert(1)"))
  }

  @Test("HTML: a long list's table is capped and says so; its tiles count every row")
  func cappedTable() throws {
    let rows = (1...5003).map { ResultRow(line: $0, projectID: "p\($0)", outcome: .notFound) }
    var run = NastyRows.run
    run.record.inputColumns = []
    run.record.listRows = rows.count
    run.overview = RunOverview()
    run.overview.outcomes[.notFound] = rows.count
    run.linesInPage = Array(4...5003)
    let page = try write(run: run, rows: rows).text("inventory.html")
    #expect(page.components(separatedBy: "<tr data-line=").count - 1 == 5000)
    #expect(!page.contains("<tr data-line=\"3\""))
    #expect(page.contains("5,000 of 5,003"))
    #expect(page.contains("5,003"))
    #expect(page.contains("inventory.csv"))
  }

  @Test("the manifest counts rows and bytes as they are on disk")
  func manifest() throws {
    let folder = try write(formats: [.csv, .jsonl])
    let manifest = try #require(
      try JSONSerialization.jsonObject(with: Data(try folder.text("manifest.json").utf8)) as? [String: Any])
    #expect(
      Set(manifest.keys) == [
        "version", "run", "state", "started_at", "finished_at", "list", "outcomes", "held", "files", "resume_after",
      ])
    let outcomes = try #require(manifest["outcomes"] as? [String: Int])
    #expect(Set(outcomes.keys) == Set(Outcome.allCases.map(\.rawValue)))
    #expect(outcomes.values.reduce(0, +) == NastyRows.rows.count)
    let files = try #require(manifest["files"] as? [[String: Any]])
    #expect(files.compactMap { $0["name"] as? String } == ["inventory.csv", "inventory.jsonl"])
    for file in files {
      let name = try #require(file["name"] as? String)
      #expect(file["bytes"] as? Int == (try folder.text(name)).utf8.count)
      #expect(file["rows"] as? Int == NastyRows.rows.count)
    }
    #expect(try folder.content == ["inventory.csv", "inventory.jsonl", "manifest.json"])
  }

  @Test("a report that breaks off leaves the old ones as they were")
  func atomic() throws {
    struct Torn: Error {}
    let folder = try write()
    let before = try folder.content.map { try folder.text($0) }
    #expect(throws: Torn.self) {
      try ReportFolder(path: folder.path, formats: ReportFormat.usual, html: .english()).write(NastyRows.run) {
        body in
        for row in NastyRows.rows.prefix(5) { try body([row]) }
        throw Torn()
      }
    }
    #expect(try folder.content.map { try folder.text($0) } == before)
  }

  @Test(
    "list columns that collide with the report's own are told apart",
    arguments: [
      (["owner", "outcome"], ["owner", "input_outcome"]),
      (["line", "input_line"], ["input_input_line", "input_line"]),
      (["input_line", "line"], ["input_line", "input_input_line"]),
      ([], []),
    ] as [([String], [String])])
  func collisions(columns: [String], expected: [String]) {
    let all = CSVReport(inputColumns: columns).columns
    #expect(Array(all.dropFirst(2).dropLast(18)) == expected)
    #expect(Set(all).count == all.count)
  }
}
