import Foundation
import SandboxGateway
import Testing

extension TheReports {
  @Suite("Templates and languages of the page", .timeLimit(.minutes(2)))
  struct TemplateOptionTests {
    private let program: Program

    init() throws {
      program = try Program()
      try program.folder.writeList((1...1200).map { "project-\($0)" })
    }

    private static let run = ["list.csv", "--sandbox", "--rate", "0", "--max-attempts", "1"]

    @Test("the built-in templates, written out and used, make the same page; nothing is written over")
    func printed() async throws {
      #expect(try await program.run(Self.run).status == 2)
      let printed = try await program.run(["report", "--print-templates", "mine/deep"])
      #expect(printed.status == 0, "\(printed.error)")
      #expect(
        try program.folder.content("mine/deep") == [
          "chart.mustache", "controls.mustache", "languages", "page-end.mustache", "page-start.mustache",
          "row.mustache", "script.js", "style.css",
        ])
      #expect(try program.folder.content("mine/deep/languages") == ["en.txt", "es.txt", "pt.txt"])
      #expect(
        try await program.run([
          "report", "--templates", "mine/deep", "-o", "again", "--database", "inventory/inventory.db",
        ]).status == 0)
      #expect(try program.folder.data("again/inventory.html") == program.folder.data("inventory/inventory.html"))
      try program.folder.write("mine/deep/row.mustache", "changed")
      let second = try await program.run(["report", "--print-templates", "mine/deep"])
      #expect(second.status == 73)
      #expect(try program.folder.text("mine/deep/row.mustache") == "changed")
    }

    @Test("a mistake ends the run before any request, with file and line, and nothing is left behind")
    func mistake() async throws {
      try FileManager.default.createDirectory(
        atPath: program.folder.path + "/mine", withIntermediateDirectories: true)
      try program.folder.write("mine/row.mustache", "<tr>\n<td>{{projct_id}}")
      let log = SandboxLog()
      try await SandboxServer(log: log).serving { [program] baseURL in
        for (arguments, status, message) in [
          (["--templates", "mine"], Int32(65), "mine/row.mustache:2: projct_id is not a known name"),
          (["--templates", "none"], 66, "none"), (["--language", "xx"], 64, "en, es, pt"),
          (["--html-rows", "0"], 64, "--html-rows"),
        ] {
          let ending = try await program.run(["list.csv", "--base-url", baseURL] + arguments)
          #expect(ending.status == status, "\(arguments)")
          #expect(ending.error.contains(message), "\(ending.error)")
        }
      }
      #expect(log.entries.isEmpty)
      #expect(try program.folder.content() == ["list.csv", "mine"])
    }

    @Test(
      "each language has its words, numbers and dates; the rows are the same",
      arguments: [
        ("en", "1,200", "Summary", "1,200 of 1,200 rows"), ("es", "1.200", "Resumen", "1.200 de 1.200 filas"),
        ("pt", "1.200", "Resumo", "1.200 de 1.200 linhas"),
      ])
    func language(code: String, number: String, heading: String, status: String) async throws {
      #expect(try await program.run(Self.run + ["--language", code]).status == 2)
      let page = try program.folder.text("inventory/inventory.html")
      #expect(page.contains("<html lang=\"\(code)\">"))
      #expect(page.contains(">\(heading)</h2>"))
      #expect(page.contains("\(number)<"))
      let inventory = Inventory(in: program.folder)
      #expect(try inventory.htmlRows().map(\.line) == inventory.jsonLines().map { "\($0["line"] as? Int ?? 0)" })
      // The details of findings, which the database has, are English in every language.
      #expect(!page.contains("{{") && !page.contains("words."))
      try Browser.check("counter", [program.folder.path + "/inventory/inventory.html", status], in: program.folder)
    }
  }
}
