import DelimitedText
import Foundation
import FoundationXML
import SandboxGateway
import Testing

extension TheReports {
  @Suite("A CSV profile", .timeLimit(.minutes(3)))
  struct CSVProfileTests {
    private static let ids = [
      "007", "12345678901234567890", "1.23E+19", "=1+2", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"http://evil.example\")",
      "2026-01-05", "1/2", "TRUE", "MAR1", "12:30", "1.50", "5%", "plain", "café ñ ü", "10", "a,b;c|d", "quote\"inside",
      "65a1f00000000000000000c3", "'tick", "日本語", "＝1+2",
    ]
    /// What only a list's column or an answer holds.
    private static let texts =
      ids + [
        "\t=1", " =1+2", "two\nlines", "CR\r\n=1", "tab\there", "x;=1+2", "", String(repeating: "long ", count: 8000),
        "=cmd|' /C calc'!A0",
      ]

    private let program: Program

    init() throws {
      program = try Program()
    }

    private func quoted(_ cell: String) -> String { "\"" + cell.replacing("\"", with: "\"\"") + "\"" }

    private func json(_ text: String) throws -> String {
      String(decoding: try JSONSerialization.data(withJSONObject: text, options: .fragmentsAllowed), as: UTF8.self)
    }

    /// Takes the inventory of hostile IDs, columns and answers, and returns each row's texts: ID, column, answer.
    private func run(_ profile: String) async throws -> [(id: String, note: String, answer: String)] {
      let rows = Self.texts.indices.map { index in
        (
          id: index < Self.ids.count ? Self.ids[index] : "project-\(index)", note: Self.texts[index],
          answer: Self.texts[(index + 7) % Self.texts.count]
        )
      }
      try program.folder.write(
        "list.csv", "project_id,\"=note\"\n" + rows.map { "\(quoted($0.id)),\(quoted($0.note))\n" }.joined())
      var script: [String: [SandboxReply]] = [:]
      for row in rows {
        let value = try json(row.answer)
        script[row.id] = [
          .custom(
            status: 200,
            body: #"{"webhookUrl":"https://h.example/","id":\#(value),"brainId":\#(value),"updatedAt":\#(value)}"#)
        ]
      }
      let ending = try await SandboxServer(behavior: SandboxBehavior(script: script)).serving { baseURL in
        try await program.run(["list.csv", "--base-url", baseURL, "--rate", "0", "--csv-profile", profile])
      }
      #expect(ending.status == 0, "\(ending.error)")
      return rows
    }

    private func records(_ name: String, delimiter: String) throws -> [[String]] {
      var bytes = Array(try program.folder.data("inventory/" + name))
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
      var reader = DelimitedReader(BytesInMemory(bytes), delimiter: Array(delimiter.utf8)[0])
      var records: [[String]] = []
      while let record = try reader.next() { records.append(record.fields) }
      return records
    }

    private func manifestFile(_ name: String) throws -> [String: Any] {
      let files = try #require(try Inventory(in: program.folder).manifest()["files"] as? [[String: Any]])
      return try #require(files.first { $0["name"] as? String == name })
    }

    @Test("rfc4180 and tsv hold every value exactly as it is stored", arguments: [("rfc4180", ","), ("tsv", "\t")])
    func exact(profile: String, delimiter: String) async throws {
      let rows = try await run(profile)
      let name = profile == "tsv" ? "inventory.tsv" : "inventory.csv"
      let records = try records(name, delimiter: delimiter)
      #expect(records[0][1...2] == ["project_id", "=note"])
      #expect(records.dropFirst().map { $0[1] } == rows.map(\.id))
      #expect(records.dropFirst().map { $0[2] } == rows.map(\.note))
      #expect(records.dropFirst().map { $0[5] } == rows.map(\.answer))
      #expect(try program.folder.data("inventory/" + name).first != 0xEF)
      let file = try manifestFile(name)
      #expect(file["profile"] as? String == profile)
      #expect(file["altered_cells"] as? Int == 0)
      #expect(file["format"] as? String == "csv")
    }

    @Test(
      "excel holds no formula and no damaged ID when a spreadsheet opens it, and the manifest counts what it altered",
      arguments: [("excel", ","), ("excel-semicolon", ";")])
    func spreadsheet(profile: String, delimiter: String) async throws {
      let rows = try await run(profile)
      #expect(try program.folder.data("inventory/inventory.csv").starts(with: [0xEF, 0xBB, 0xBF]))
      let sheet = try Sheet(of: "inventory/inventory.csv", delimiter: delimiter, in: program.folder)
      #expect(sheet.formulas == 0)
      #expect(sheet.rows.count == rows.count + 1)
      #expect(sheet.rows[0][2] == "'=note")
      for (row, cells) in zip(rows, sheet.rows.dropFirst()) {
        #expect(cells[1] == row.id || cells[1] == "'" + row.id, "\(row.id) became \(cells[1])")
        for (cell, text) in [(cells[2], row.note), (cells[5], row.answer)] where !text.contains(#/[\t\r\n]|  |^ /#) {
          #expect(
            cell == text || cell == "'" + text || (cell.hasSuffix("…[cut]") && cell.utf16.count <= 32_767)
              || Double(text) != nil || text.contains(#/^[0-9\/:%-]+$|TRUE/#), "\(text) became \(cell)")
        }
      }
      // An ordinary ID is left alone.
      #expect(sheet.rows.contains { $0[1] == "65a1f00000000000000000c3" })
      let stored = Dictionary(
        uniqueKeysWithValues: try Inventory(in: program.folder).jsonLines().map {
          ($0["line"] as? Int ?? 0, $0["project_id"] as? String ?? "")
        })
      let altered = try records("inventory.csv", delimiter: delimiter).dropFirst().count {
        $0[1] != stored[Int($0[0]) ?? 0]
      }
      let file = try manifestFile("inventory.csv")
      #expect(file["profile"] as? String == profile)
      #expect(try #require(file["altered_cells"] as? Int) > altered)
      #expect(altered == 16)
    }

    @Test("that keeps formulas runs them in a spreadsheet: what is looked for would be found")
    func control() async throws {
      _ = try await run("rfc4180")
      #expect(try Sheet(of: "inventory/inventory.csv", delimiter: ",", in: program.folder).formulas > 0)
    }

    @Test("of another run is written by report")
    func report() async throws {
      _ = try await run("rfc4180")
      let before = try program.folder.data("inventory/inventory.csv")
      for (profile, name) in [("tsv", "inventory.tsv"), ("excel", "inventory.csv")] {
        let ending = try await program.run([
          "report", "-o", profile, "--format", "csv", "--csv-profile", profile, "--database", "inventory/inventory.db",
        ])
        #expect(ending.status == 0, "\(ending.error)")
        #expect(try program.folder.content(profile) == [name, "manifest.json"])
        #expect(try program.folder.data("\(profile)/\(name)") != before)
      }
    }
  }
}

/// A CSV file as LibreOffice opens it.
private struct Sheet {
  /// Cells that became formulas.
  var formulas = 0
  /// The cells' texts as they are shown.
  var rows: [[String]] = []

  init(of file: String, delimiter: String, in folder: Scratch) throws {
    let filter = "CSV:\(delimiter.utf8.first ?? 44),34,76,1,,0,false,true"
    let status = try Shell.run(
      "/usr/bin/soffice",
      [
        "-env:UserInstallation=file://\(folder.outside.path())office", "--headless", "--convert-to", "fods",
        "--infilter=\(filter)", "--outdir", "sheet", file,
      ], in: folder)
    try #require(status == 0, "soffice (Debian's libreoffice-calc-nogui) could not open \(file)")
    let document = try XMLDocument(data: try folder.data("sheet/inventory.fods"))
    for row in try document.nodes(forXPath: "//*[local-name()='table-row']") {
      var cells: [String] = []
      for cell in try row.nodes(forXPath: "*[local-name()='table-cell']").compactMap({ $0 as? XMLElement }) {
        func attribute(_ name: String) -> String? { cell.attributes?.first { $0.localName == name }?.stringValue }
        if attribute("formula") != nil { formulas += 1 }
        let lines = try cell.nodes(forXPath: "*[local-name()='p']").map { $0.stringValue ?? "" }
        let copies = Int(attribute("number-columns-repeated") ?? "") ?? 1
        cells += Array(repeating: lines.joined(separator: "\n"), count: min(copies, 100))
      }
      if cells.contains(where: { !$0.isEmpty }) { rows.append(cells) }
    }
  }
}
