import Foundation
import SandboxGateway
import Testing

extension TheDatabase {
  @Suite("The list", .timeLimit(.minutes(3)))
  struct ListTests {
    private let program: Program

    init() throws {
      program = try Program()
    }

    /// Asks with every command, and returns what each of them did and what was asked for.
    private func ask(
      _ arguments: [String], input: String? = nil, program: Program? = nil
    ) async throws -> (plan: Program.Ending, json: Program.Ending, run: Program.Ending, asked: [String]) {
      let program = program ?? self.program
      let log = SandboxLog()
      let endings = try await SandboxServer(behavior: SandboxBehavior(others: .flat), log: log).serving { baseURL in
        let all = arguments + ["--base-url", baseURL]
        let plan = try await program.run(["plan"] + all, input: input)
        let json = try await program.run(["plan", "--json"] + all, input: input)
        #expect(log.entries.isEmpty)
        return (plan, json, try await program.run(["run", "--rate", "0", "-v"] + all, input: input))
      }
      return (endings.0, endings.1, endings.2, log.entries.compactMap(\.projectID))
    }

    private func object(_ ending: Program.Ending) throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any])
    }

    /// Lines of the list with IDs that are doubted, by the member's name.
    private func doubts(_ forecast: [String: Any]) throws -> [String: [Int]] {
      let list = try #require(forecast["list"] as? [String: Any])
      return list.compactMapValues { ($0 as? [String: Any])?["first"] as? [Int] }.filter { !$0.value.isEmpty }
    }

    // MARK: IDs

    @Test("with damaged or decorated IDs: run and plan warn with lines, and every ID is sent as it is")
    func damagedIDs() async throws {
      let ids = [
        "1001", "1002.0", "nan", "#N/A", "########", "\u{FEFF}1003", "1.23E+19", "1e+05", "1,004", "2-ene", "None",
        "'1005", "=\"1006\"", "ï»¿1007", "proyecto–8", "1009 Ana", "project_id", "64820f215e3ab176d9af34b8", "TRUE",
      ]
      let cells = ids.map { "\"" + $0.replacing("\"", with: "\"\"") + "\",x\n" }
      try program.folder.write("list.csv", "project_id,name\n" + cells.joined())
      let (plan, json, run, asked) = try await ask(["list.csv"])
      #expect(run.status == 0, "\(run.error)")
      #expect(asked.sorted() == ids.sorted())
      #expect(try Inventory(in: program.folder).csv().map { $0["project_id"] } == ids)
      let expected = [
        "formatted_numbers": [3, 10], "missing_values": [4, 5, 6, 12, 20], "invisible": [7], "shortened": [8, 9],
        "dates": [11], "decorated": [13, 14], "replaced_characters": [15, 16], "several_values": [17],
        "column_names": [18],
      ]
      #expect(try doubts(object(json)) == expected)
      for sentence in [
        "lines 3, 10: the ID looks like a reformatted number, such as 1001.0 or 1,001",
        "lines 4, 5, 6, 12, 20: the ID looks like an error value or a missing value",
        "line 7: the ID contains an invisible character",
        "lines 8, 9: the ID looks like a number that a spreadsheet has shortened",
        "line 11: the ID looks like a date or time; a spreadsheet may have converted it",
        "lines 13, 14: the ID is enclosed in an apostrophe, quotes, a formula or a URL",
        "lines 15, 16: the ID contains a character that a program may have replaced",
        "line 17: the ID contains a space or a delimiter and may be several cells",
        "line 18: the ID is a column name and may be a repeated header",
      ] {
        let text = "list.csv \(sentence); it is requested unchanged"
        #expect(run.error.contains("warning: \(text)\n"), "\(text)\n\(run.error)")
        #expect(plan.output.contains("Warning: \(text).\n"), "\(text)\n\(plan.output)")
        #expect((try object(json)["warnings"] as? [String])?.contains(text) == true, "\(text)")
      }
      #expect(plan.output.contains("\n  reformatted IDs   2 (lines 3, 10)\n"), "\(plan.output)")
    }

    @Test("that was joined from files with marks and headers is warned of where they were joined")
    func joined() async throws {
      try program.folder.write(
        "list.csv", "project_id\n1001\n\u{FEFF}1002\n1003\n\u{FEFF}project_id\n1004\nproject_id\n1005\n")
      let (_, json, run, asked) = try await ask(["list.csv"])
      #expect(asked.count == 7)
      #expect(try doubts(object(json)) == ["invisible": [3, 5], "column_names": [7]])
      #expect(run.error.contains("warning: list.csv lines 3, 5: the ID contains an invisible character"))
      // In Windows-1252, a mark is three letters.
      let marked = Data("project_id,due".utf8) + [0xF1] + Data("o\n".utf8)
      let rows = Data((1...9000).map { "\($0),name\n" }.joined().utf8)
      try program.folder.write("list.csv", marked + rows + [0xEF, 0xBB, 0xBF] + Data("9001,x\n".utf8))
      let plan = try await program.run(["plan", "list.csv", "--sandbox", "--json"])
      #expect(try doubts(object(plan)) == ["replaced_characters": [9002]])
    }

    @Test("of ordinary IDs is read without a warning")
    func ordinary() async throws {
      try program.folder.write(
        "list.csv", "project_id,note\n007,a\n12345678901234567890,b\nhotel-palma-real,c\n64820f215e3ab176d9af34b8,d\n")
      let (plan, json, run, _) = try await ask(["list.csv"])
      #expect(!run.error.contains("warning"), "\(run.error)")
      #expect(plan.output.contains("\n  suspicious IDs    0\n"))
      #expect((try object(json)["warnings"] as? [String]) == [])
    }

    // MARK: Reports as lists

    private static let nasty = [
      "007", "12345678901234567890", "1.23E+19", "=1+2", "+1", "-1", "@SUM(A1)", "'tick", "'=1", "''=1", "'007", "'",
      "2026-01-05", "1/2", "'1/2", "TRUE", "MAR1", "12:30", "1.50", "5%", "plain", "café", "cafe\u{301}", "a,b;c|d",
      "quote\"inside", "＝1+2", "日本語", "10", "65a1f00000000000000000c3",
    ]

    @Test(
      "that is a report of the program gives the same IDs, credentials and columns, whatever its dialect",
      arguments: ["rfc4180", "excel", "excel-semicolon", "tsv"])
    func reportAsList(profile: String) async throws {
      func quoted(_ cell: String) -> String { "\"" + cell.replacing("\"", with: "\"\"") + "\"" }
      let notes = Self.nasty + ["\t=1", " =1", "two\nlines", "CR\r\n=1", "tab\there", "", "'\t=1", "x;=1"]
      let names = ["", "=acme", "'=acme", "007"]
      let rows = notes.indices.map { index in
        [
          Self.nasty.indices.contains(index) ? Self.nasty[index] : "project-\(index)", notes[index],
          names[index % names.count], "https://h.example/",
        ]
      }
      try program.folder.write(
        "list.csv",
        "project_id,\"=note\",credential,Expected Webhook\n"
          + rows.map { $0.map(quoted).joined(separator: ",") + "\n" }.joined())
      try program.folder.write(
        "keys.csv", "name,api_key\n=acme,acme-key-4711\n'=acme,second-key-4711\n007,third-key-4711\n")
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600], ofItemAtPath: program.folder.path + "/keys.csv")
      let name = profile == "tsv" ? "inventory.tsv" : "inventory.csv"
      let options = ["--credentials", "keys.csv", "--rate", "0"]
      let server = SandboxServer(behavior: SandboxBehavior(others: .flat))
      let (first, second) = try await server.serving { [program] baseURL in
        let all = options + ["--base-url", baseURL]
        let first = try await program.run(
          ["list.csv", "-o", "first", "--format", "csv,jsonl", "--csv-profile", profile] + all)
        return (first, try await program.run(["first/\(name)", "-o", "second", "--format", "jsonl"] + all))
      }
      #expect(first.status == 0 && second.status == 0, "\(first.error)\n\(second.error)")
      let (before, after) = (
        try Inventory(in: program.folder, "first").jsonLines(), try Inventory(in: program.folder, "second").jsonLines()
      )
      #expect(before.count == rows.count && after.count == rows.count)
      for (index, (old, new)) in zip(before, after).enumerated() {
        func bytes(_ value: Any?) -> [UInt8] { Array((value as? String ?? "(none)").utf8) }
        #expect(bytes(old["project_id"]) == bytes(rows[index][0]))
        #expect(bytes(new["project_id"]) == bytes(rows[index][0]), "\(new["project_id"] ?? "")")
        #expect(bytes(new["credential"]) == bytes(old["credential"]), "\(new["credential"] ?? "")")
        let (input, again) = (old["input"] as? [String: Any], new["input"] as? [String: Any])
        #expect(input?.count == 2)
        for (column, cell) in input ?? [:] { #expect(bytes(again?[column]) == bytes(cell), "\(column)") }
        #expect(bytes(again?["outcome"]) == bytes("found"))
      }
      // What a spreadsheet could have damaged was protected. Without that, the list is warned of as ever.
      let doubts = second.error.split(separator: "\n").filter { $0.hasPrefix("warning") }
      #expect(!second.error.contains("passed through"), "\(second.error)")
      if profile.hasPrefix("excel") {
        #expect(!doubts.contains { $0.contains("shortened") || $0.contains("formatted") || $0.contains("date") })
      }
      let damaged = try await program.run(["plan", "first/\(name)", "--sandbox", "--json"] + options)
      let reading = try #require(try object(damaged)["list"] as? [String: Any])
      #expect(reading["written_for_spreadsheets"] as? Bool == profile.hasPrefix("excel"))
      #expect(reading["id_column"] as? String == "project_id")
    }

    @Test("with apostrophes that are not a report's keeps them, with a warning")
    func foreignApostrophes() async throws {
      try program.folder.write("list.csv", "\u{FEFF}project_id,outcome\n'007,x\n'=1,x\n")
      let (_, json, run, asked) = try await ask(["list.csv"])
      #expect(asked.sorted() == ["'007", "'=1"])
      #expect(try doubts(object(json)) == ["decorated": [2, 3]])
      #expect(run.error.contains("lines 2, 3: the ID is enclosed in an apostrophe"))
    }

    @Test("that is a report with cut cells says so")
    func cutCells() async throws {
      let long = String(repeating: "long ", count: 8000)
      try program.folder.write("list.csv", "project_id,note\n1001,\(long)\n")
      _ = try await program.run(["list.csv", "--sandbox", "--csv-profile", "excel", "-o", "first"])
      let ending = try await program.run(["first/inventory.csv", "--sandbox", "-o", "second"])
      #expect(ending.error.contains("line 2: a cell was truncated when this spreadsheet report was written"))
    }

    // MARK: Refused lists

    private static let binary = String(decoding: [0x50, 0x4B, 3, 4, 20, 0, 6, 0] as [UInt8], as: UTF8.self)

    @Test(
      "that can't have been meant so is refused with what to do, and nothing is sent or made",
      arguments: [
        // Content, options, words of the message.
        ("1001,Ana\n1002,Bea\n", [], "--no-header --id-column N"),
        ("1001,Ana\n1002,Bea\n", ["--id-column", "1"], "--no-header --id-column 1"),
        ("p1,Acme\np2,Globex\n", ["--id-column", "p1"], "--no-header --id-column 1"),
        ("9,Ana\n10,Bea\n11,C\n", ["--id-column", "1"], "--no-header --id-column 1"),
        ("1001,project\n1002,project\n1003,project\n", [], "--no-header"),
        ("name,owner\na,b\n", [], "and add --no-header if this line is a row"),
        ("project_id,name\n1001,Ana\n1002,Bea\n", ["--delimiter", "\\t"], "--delimiter ','"),
        ("project_id;name\n1001;Ana\n1002;Bea\n", ["--delimiter", "tab"], "--delimiter ';'"),
        ("project_id\tname\n1001\tAna\n1002\tBea\n", ["--delimiter", "|"], "--delimiter 'tab'"),
        ("project_id\n1001;Ana\n1002;Bea\n", [], "--delimiter ';'"),
        ("sep=,\nproject_id;name\n1001;Ana\n1002;Bea\n", [], "--delimiter ';'"),
        ("sep=\nproject_id;name\n1001;Ana\n", [], "remove the line"),
        (binary, [], "an Excel workbook or another ZIP archive"), ("\n\n[\"1001\"]\n", [], "the list is JSON"),
        ("{\"project_id\":\"1001\"}\n{\"project_id\":\"1002\"}\n", [], "the list is JSON"),
        ("\u{FEFF}\n<!DOCTYPE html>\n<table>", [], "the list is HTML"),
        ("{\"project_id\":\"1001\"}\n", ["--no-header", "--id-column", "1"], "the list is JSON"),
        ("project_id\n1001\n", ["--encoding", "utf-16"], "not UTF-16"),
      ])
    func refused(content: String, options: [String], words: String) async throws {
      try program.folder.write("list.csv", content)
      let (plan, _, run, asked) = try await ask(["list.csv"] + options)
      #expect(asked.isEmpty)
      #expect(plan.status == 65 && run.status == 65, "\(plan.output)\(run.error)")
      for ending in [plan, run] {
        #expect(ending.error.contains("list.csv") && ending.error.contains(words), "\(ending.error)")
      }
      #expect(try program.folder.content() == ["list.csv"])
    }

    @Test("in an old workbook's format, and JSON in UTF-16, are refused")
    func refusedBytes() async throws {
      let wide = try #require("\n[{\"project_id\": 1001}]".data(using: .utf16LittleEndian))
      for (bytes, words) in [
        (Data([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0]), "an Excel workbook (.xls)"),
        (Data([0xFF, 0xFE]) + wide, "the list is JSON"),
      ] {
        try program.folder.write("list.csv", bytes)
        let (plan, _, run, asked) = try await ask(["list.csv"])
        #expect(asked.isEmpty && plan.status == 65 && run.status == 65)
        #expect(run.error.contains(words), "\(run.error)")
      }
    }

    // MARK: Dialects

    @Test("with tabs is read by every way to write a tab", arguments: ["\\t", "\t", "tab"])
    func tabs(delimiter: String) async throws {
      let text = "project_id\tname, surname\n1001\tRuiz, Ana\n1002\tRoe, Jo\n"
      try program.folder.write("list.csv", text)
      try program.folder.write("options.json", #"{"delimiter": \#(String(reflecting: delimiter))}"#)
      try program.folder.write("options.yaml", "delimiter: \(delimiter == "\t" ? "\"\\t\"" : delimiter)\n")
      var byVariable = program
      byVariable.environment["JELOU_INVENTORY_DELIMITER"] = delimiter
      for (arguments, program) in [
        (["--delimiter", delimiter], program), (["--delimiter=\(delimiter)"], program), ([], byVariable),
        (["--config", "options.json"], program), (["--config", "options.yaml"], program),
      ] {
        let ending = try await program.run(["plan", "list.csv", "--sandbox", "--json"] + arguments)
        let list = try #require(try object(ending)["list"] as? [String: Any], "\(ending.error)")
        #expect(list["delimiter"] as? String == "tab")
        #expect(list["first_ids"] as? [String] == ["1001", "1002"])
      }
    }

    @Test("whose first line is sep=; has no row of it, and lines of blanks are none either")
    func separatorLine() async throws {
      for first in ["sep=;", "\"sep=;\"", "\u{FEFF}SEP=;"] {
        let rows = "project_id;name\r\n1001;Ana, B\r\n ; \r\n\t\r\n1002;Bea, C\r\n"
        try program.folder.write("list.csv", first + "\r\n" + rows)
        let (plan, json, run, asked) = try await ask(["list.csv"])
        #expect(run.status == 0 && asked.sorted() == ["1001", "1002"])
        #expect(try Inventory(in: program.folder).csv().map { $0["line"] } == ["3", "6"])
        #expect(plan.output.contains("  read as           utf-8, \";\", with a header\n"))
        #expect((try object(json)["list"] as? [String: Any])?["delimiter"] as? String == ";")
      }
    }

    @Test(
      "with a Spanish or Portuguese header is read",
      arguments: [
        "id_proyecto", "ID de proyecto", "proyecto", "id_projeto", "ID do projeto", "projeto", "ID DE PROYECTO",
        "Proyecto_ID",
      ])
    func names(header: String) async throws {
      try program.folder.write("list.csv", "Dueño;\(header);Año\nAna;1001;2026\nBea;1002;2026\n")
      let (_, json, _, asked) = try await ask(["list.csv"])
      #expect(asked.sorted() == ["1001", "1002"])
      #expect((try object(json)["list"] as? [String: Any])?["id_column"] as? String == header)
    }

    // MARK: Reserved columns

    @Test(
      "may spell expected_webhook in any way",
      arguments: ["expected_webhook", "Expected Webhook", "expected-webhook", "EXPECTEDWEBHOOK", "expectedWebhook"])
    func expectedWebhook(name: String) async throws {
      try program.folder.write("list.csv", "project_id,\(name)\n1001,https://other.example/\n")
      let (_, _, run, _) = try await ask(["list.csv"])
      #expect(!run.error.contains("passed through"))
      let record = try #require(try Inventory(in: program.folder).csv().first)
      #expect(record["findings"]?.contains("webhook-unexpected") == true, "\(record)")
      #expect(record[name] == "https://other.example/")
    }

    @Test(
      "that nearly names a reserved column is warned of",
      arguments: [
        ("credentials", "credential"), ("expected_webhok", "expected_webhook"),
        ("webhook_expected", "expected_webhook"),
      ])
    func nearMiss(name: String, meant: String) async throws {
      try program.folder.write("list.csv", "project_id,\(name)\n1001,x\n")
      let (plan, json, run, _) = try await ask(["list.csv"])
      let text =
        "list.csv line 1: the column \(name) is only copied to the reports; to use it as \(meant), rename it to \(meant)"
      #expect(run.error.contains("warning: \(text)\n"))
      #expect(plan.output.contains("Warning: \(text).\n"))
      #expect(try object(json)["warnings"] as? [String] == [text])
    }

    // MARK: How it is read

    @Test("is shown by plan and -v as it is read, with its first three IDs")
    func reading() async throws {
      let list = "Equipo;ID de proyecto\nA;007\nB;beta\u{200B}\nC;gamma\nD;delta\n"
      let (plan, json, run, _) = try await ask(["-"], input: list)
      for line in [
        "List: standard input", "  read as           utf-8, \";\", with a header", "  ID column         ID de proyecto",
        "  first IDs         007, beta\\u{200B}, gamma",
      ] {
        #expect(plan.output.split(separator: "\n").contains(Substring(line)), "\(line)\n\(plan.output)")
      }
      let reading = try #require(try object(json)["list"] as? [String: Any])
      #expect(reading["first_ids"] as? [String] == ["007", "beta\u{200B}", "gamma"])
      #expect(reading["encoding"] as? String == "utf-8" && reading["header"] as? Bool == true)
      for field in [
        "delimiter \";\"", ": utf-8, ", "first IDs: 007, beta", ", header, ", "ID column ID de proyecto",
      ] {
        let line = run.error.split(separator: "\n").first { $0.hasPrefix("debug: standard input: ") } ?? ""
        #expect(line.contains(field), "\(field): \(line)")
      }
    }
  }
}
