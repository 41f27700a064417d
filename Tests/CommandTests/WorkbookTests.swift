import Foundation
import FoundationXML
import SandboxGateway
import TestSupport
import Testing

extension TheReports {
  @Suite("A workbook", .timeLimit(.minutes(5)))
  struct WorkbookTests {
    private static let values = [
      "007", "12345678901234567890", "1.23E+19", "=1+2", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "1-2", "TRUE",
      "=HYPERLINK(\"http://evil.example\")", "_x0041_", "\u{202E}gnp.exe", "zero\u{200B}width", "😀👩‍👩‍👧", "é", "e\u{301}",
      "<b>&amp;</b>", "]]>", "quote\"inside", "back\\slash", "internal:Inventory!A1", "a,b;c|d", "{{x}}", "10",
    ]
    /// What only a list's column or an answer holds.
    private static let texts =
      values + [
        "two\nlines", "CR\r\nLF", "\u{7}bell \u{1B}[31m", "tab\there", " around ", "", "javascript:alert(1)",
        "https://a.example/?x=external:y", "file:///etc/passwd", "https://hooks.example.com/a?b=c&d=e#f",
        "http://plain.example", String(repeating: "long ", count: 8000), "2026-01-15T10:30:00.125Z", "_x0041\u{1}",
      ]

    private let program: Program

    init() throws {
      program = try Program()
    }

    private func quoted(_ cell: String) -> String { "\"" + cell.replacing("\"", with: "\"\"") + "\"" }

    /// Takes the inventory of hostile IDs, columns and answers in these formats.
    private func takeInventory(_ format: String) async throws {
      let projects = Self.texts.indices.map { $0 < Self.values.count ? Self.values[$0] : "project-\($0)" }
      let rows = projects.enumerated().map { index, id in quoted(id) + "," + quoted(Self.texts[index]) + "\n" }
      try program.folder.write("list.csv", "project_id,\"=note\"\n" + rows.joined())
      var script: [String: [SandboxReply]] = [:]
      for (index, project) in projects.enumerated() {
        let text = Self.texts[(index + 7) % Self.texts.count]
        let value = String(
          decoding: try JSONSerialization.data(withJSONObject: text, options: .fragmentsAllowed), as: UTF8.self)
        script[project] = [
          index % 5 == 4
            ? .custom(status: 403, body: #"{"message": [\#(value)], "status": 0}"#)
            : .custom(
              status: 200,
              body: #"{"webhookUrl":\#(value),"id":\#(value),"authType":\#(value),"createdAt":\#(value),"#
                + #""updatedAt":"2026-03-0\#(index % 9 + 1)T10:30:00.125Z"}"#)
        ]
      }
      let ending = try await SandboxServer(behavior: SandboxBehavior(script: script)).serving { baseURL in
        try await program.run([
          "list.csv", "--base-url", baseURL, "--rate", "0", "--max-attempts", "1", "--format", format,
        ])
      }
      #expect(ending.status == 2, "\(ending.error)")
    }

    private func workbook(_ folder: String = "inventory") throws -> ReadWorkbook {
      try ReadWorkbook(path: "\(program.folder.path)/\(folder)/inventory.xlsx")
    }

    @Test("holds what the CSV holds, cell by cell: texts as texts, numbers and dates as such, and no formula")
    func cells() async throws {
      try await takeInventory("csv,jsonl,html,xlsx")
      let inventory = Inventory(in: program.folder)
      let (header, records) = (try inventory.header(), try inventory.csv())
      let workbook = try workbook()
      let sheet = try #require(workbook["Inventory"])
      #expect(sheet.texts[0] == header)
      #expect(sheet.rows.count == records.count + 1)
      let numbers: Set = ["line", "http_status", "attempts", "duration_ms"]
      var dates = 0
      var links = 0
      for (record, cells) in zip(records, sheet.rows.dropFirst()) {
        for (name, cell) in zip(header, cells) {
          let text = record[name] ?? ""
          if cell.value.hasSuffix("…[cut]") {
            #expect(text.utf16.count > 32_767 && text.hasPrefix(cell.value.dropLast(6)), "\(name)")
          } else {
            #expect(cell.value.unicodeScalars.elementsEqual(text.unicodeScalars), "\(name): \(text.prefix(100))")
          }
          if numbers.contains(name) {
            #expect(cell.kind == (text.isEmpty ? "" : "n"), "\(name)")
          } else if cell.kind == "date" {
            #expect(["created_at", "updated_at", "fetched_at"].contains(name))
            dates += 1
          } else if !text.isEmpty {
            #expect(cell.isText && cell.format == "@", "\(name): \(cell)")
          }
          guard !cell.link.isEmpty else { continue }
          #expect(name == "webhook_url" && cell.link == text, "\(cell.link)")
          #expect(text.hasPrefix("https://") || text.hasPrefix("http://"))
          links += 1
        }
      }
      // All of `updated_at` and `fetched_at`, and the one answer with a time.
      #expect(dates == records.count { $0["outcome"] == "found" } + records.count + 1)
      #expect(links == 2)
      for sheet in workbook.sheets {
        for cell in sheet.rows.joined() {
          #expect(cell.kind != "f")
          #expect(cell.link.isEmpty || cell.link.hasPrefix("http"))
        }
      }
      let findings = try #require(workbook["Findings"]).texts.dropFirst().map { $0[0...3].joined(separator: "|") }
      #expect(
        findings
          == (try inventory.query(
            """
            SELECT line || '|' || project_id || '|' || severity || '|' || rule FROM findings
            ORDER BY line, CASE severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, rule
            """)))
    }

    @Test("is comfortable: frozen header, filter, colours, a summary with a chart, and it is in the manifest")
    func manners() async throws {
      try await takeInventory("xlsx")
      let workbook = try workbook()
      let rows = Self.texts.count + 1
      #expect(workbook.sheets.map(\.name) == ["Inventory", "Findings", "Changes", "Summary"])
      let inventory = try #require(workbook["Inventory"])
      #expect(inventory.frozen == "C2")
      #expect(inventory.filter == "A1:U\(rows)")
      #expect(inventory.coloured == ["D2:D\(rows)"])
      let summary = try #require(workbook["Summary"])
      #expect(summary.charts == 1)
      let outcomes = try #require(try Inventory(in: program.folder).manifest()["outcomes"] as? [String: Int])
      for (outcome, count) in outcomes {
        #expect(summary.texts.contains { $0[1] == "\(count)" && $0[3] == outcome }, "\(outcome)")
      }
      #expect(
        try #require(workbook["Changes"]).texts[1][0]
          == "There is no earlier finished run to compare with. The next run will show what has changed.")
      let files = try #require(try Inventory(in: program.folder).manifest()["files"] as? [[String: Any]])
      #expect(files.count == 1)
      #expect(files[0]["name"] as? String == "inventory.xlsx" && files[0]["format"] as? String == "xlsx")
      #expect(files[0]["rows"] as? Int == Self.texts.count)
      #expect(files[0]["bytes"] as? Int == (try program.folder.data("inventory/inventory.xlsx")).count)
      #expect(try program.folder.content("inventory") == ["inventory.db", "inventory.xlsx", "manifest.json"])
    }

    @Test("is written again by report, byte for byte, in any time zone")
    func report() async throws {
      try await takeInventory("xlsx")
      let before = try program.folder.data("inventory/inventory.xlsx")
      var program = program
      for zone in ["UTC", "America/Lima"] {
        program.environment = ["TZ": zone]
        #expect(
          try await program.run(["report", "--format", "xlsx", "-o", "again", "--database", "inventory/inventory.db"])
            .status == 0)
        #expect(try program.folder.data("again/inventory.xlsx") == before)
        #expect(try program.folder.content("again") == ["inventory.xlsx", "manifest.json"])
      }
    }

    @Test("is opened by LibreOffice with every row, each ID as it is, and no formula")
    func libreOffice() async throws {
      try await takeInventory("csv,xlsx")
      let status = try Shell.run(
        "/usr/bin/soffice",
        [
          "-env:UserInstallation=file://\(program.folder.outside.path())office", "--headless", "--convert-to", "fods",
          "--outdir", "sheet", "inventory/inventory.xlsx",
        ], in: program.folder)
      try #require(status == 0, "soffice (Debian's libreoffice-calc-nogui) could not open the workbook")
      let document = try XMLDocument(data: try program.folder.data("sheet/inventory.fods"))
      #expect(try document.nodes(forXPath: "//@*[local-name()='formula']").isEmpty)
      #expect(try !document.nodes(forXPath: "//*[local-name()='chart' or local-name()='object']").isEmpty)
      let rows = try document.nodes(
        forXPath: "//*[local-name()='table'][1]//*[local-name()='table-row'][*[local-name()='table-cell']//text()]")
      let shown = try rows.map { row in
        try row.nodes(forXPath: "*[local-name()='table-cell'][2]").first?.stringValue ?? ""
      }
      let ids = try Inventory(in: program.folder).csv().compactMap { $0["project_id"] }
      #expect(Array(shown.dropFirst().prefix(ids.count)) == ids)
      let kinds = try rows[1].nodes(forXPath: "*[local-name()='table-cell']/@*[name()='office:value-type']").compactMap(
        \.stringValue)
      #expect(kinds.contains("date") && kinds[1] == "string" && kinds[0] == "float")
    }

    @Test("that fails at any write leaves the earlier one as it was; one that does not is whole")
    func everyWrite() async throws {
      try await takeInventory("xlsx")
      let whole = try program.folder.data("inventory/inventory.xlsx")
      try await reportUnder { time in
        "write:error=ENOSPC:when=\(time)"
      } expecting: { ending, time in
        #expect(ending.status == 0 || ending.status == 73, "write \(time): \(ending.error)")
        let file = try program.folder.data("out/inventory.xlsx")
        let content = Set(try program.folder.content("out"))
        #expect(file == (ending.status == 0 ? whole : Data("old".utf8)), "write \(time)")
        #expect(content.isSubset(of: ["inventory.xlsx", "manifest.json"]))
        // The tracer counts the writes of each thread: the first of the one that writes messages fails as well.
        if ending.status == 73, time > 1 {
          #expect(ending.error.contains("no space left on device"))
          // One line: the library says nothing by itself.
          #expect(ending.error.split(separator: "\n").allSatisfy { $0.hasPrefix("error: out/") }, "\(ending.error)")
        }
      }
    }

    @Test(
      "that is killed at any file of its own leaves nothing that the next run does not clear", arguments: ["unlink"])
    func killed(call: String) async throws {
      try await takeInventory("xlsx")
      let whole = try program.folder.data("inventory/inventory.xlsx")
      try await reportUnder { time in
        "\(call):signal=KILL:when=\(time)"
      } expecting: { ending, _ in
        guard ending.status != 0 else { return }
        #expect(ending.signal == SIGKILL)
        // The last unlinks are those of the locks, when the new one is in place.
        #expect([Data("old".utf8), whole].contains(try program.folder.data("out/inventory.xlsx")))
        let next = try await program.run([
          "report", "--format", "csv", "-o", "out", "--database", "inventory/inventory.db",
        ])
        #expect(next.status == 0, "\(next.error)")
        #expect(
          try program.folder.content("out").filter { $0 != "inventory.csv" && $0 != "manifest.json" } == [
            "inventory.xlsx"
          ])
      }
    }

    /// Writes the report with one system call tampered with, for each of the first forty, and of every third after.
    private func reportUnder(
      _ tampering: (Int) -> String, expecting check: (Program.Ending, Int) async throws -> Void
    ) async throws {
      var failures = 0
      for time in Array(1...40) + stride(from: 43, through: 100, by: 3) {
        try? FileManager.default.removeItem(atPath: program.folder.path + "/out")
        try FileManager.default.createDirectory(
          atPath: program.folder.path + "/out", withIntermediateDirectories: true)
        try program.folder.write("out/inventory.xlsx", "old")
        var program = program
        program.wrapper = ["/usr/bin/strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=" + tampering(time)]
        let ending = try await program.run([
          "report", "--format", "xlsx", "-o", "out", "-q", "--database", "inventory/inventory.db",
        ])
        if ending.status != 0 { failures += 1 }
        try await check(ending, time)
      }
      #expect(failures > 10)
    }

    @Test("on a full disk ends with 73, and the earlier one stays", .enabled(if: Mount.isPossible))
    func fullDisk() async throws {
      try program.folder.writeList((1...3000).map { "project-\($0)" })
      try program.folder.write("short.csv", "project_id\nproject-1\n")
      for list in ["short.csv", "list.csv"] {
        let ending = try await program.run([
          list, "--sandbox", "--rate", "0", "--max-attempts", "1", "-o", "large", "--database", "history.db",
          "--format", "xlsx",
        ])
        #expect(ending.status == 2 || ending.status == 0, "\(ending.error)")
      }
      let whole = try program.folder.data("large/inventory.xlsx")
      try await Mount.using(size: "64m", at: "small", in: program.folder) { [program] mount in
        let report = ["report", "-o", "small/out", "--database", "history.db", "--format", "xlsx"]
        #expect(try await program.run(report + ["--run", "1"]).status == 0)
        let before = try program.folder.data("small/out/inventory.xlsx")
        // Too small for the rows, for the sheets put together, for the workbook beside them.
        var refused = 0
        for size in stride(from: 500, through: 6500, by: 300) {
          try mount.resize(to: "\(size)k")
          let ending = try await program.run(report)
          let file = try program.folder.data("small/out/inventory.xlsx")
          if ending.status == 73 {
            refused += 1
            #expect(ending.error.contains("small/out/inventory.xlsx"), "\(ending.error)")
            #expect(ending.error.contains("no space left on device"))
            #expect(file == before, "\(size)k")
          } else {
            #expect(ending.status == 0 && file == whole, "\(size)k")
            try program.folder.write("small/out/inventory.xlsx", before)
          }
          #expect(try program.folder.content("small/out") == ["inventory.xlsx", "manifest.json"])
        }
        #expect((5...20).contains(refused), "\(refused)")
      }
    }
  }
}
