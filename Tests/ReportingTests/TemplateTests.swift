import Foundation
import InventoryModel
import TestSupport
import Testing
import TextFormats

@testable import Reporting

@Suite("Templates")
struct TemplateTests {
  private func error(_ files: [String: String]) throws -> String {
    let folder = try TemporaryFolder()
    for (name, text) in files {
      let path = folder.path + "/" + name
      try FileManager.default.createDirectory(
        atPath: URL(filePath: path).deletingLastPathComponent().path(), withIntermediateDirectories: true)
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    do {
      _ = try HTMLTemplates(folder: folder.path)
      return "none"
    } catch {
      return error.description.replacing(folder.path + "/", with: "").replacing(folder.path, with: "DIR")
    }
  }

  @Test(
    "tell of a mistake with file and line",
    arguments: [
      (["row.mustache": "a\n{{projct_id}}"], "row.mustache:2: projct_id is not a known name"),
      (["row.mustache": "{{words.lines}}"], "row.mustache:1: words.lines is not a known name"),
      (["row.mustache": "{{words.rows}}"], "row.mustache:1: words.rows depends on a number"),
      (["row.mustache": "\r\n\r\n{{#change}}\r\n"], "row.mustache:3: the section change is never closed"),
      (
        ["row.mustache": "{{#change}}\n{{#findings}}\n{{/change}}"],
        "row.mustache:3: close the section findings of line 2 first"
      ),
      (["row.mustache": "{{/change}}"], "row.mustache:1: no section change is open here"),
      (["row.mustache": "x\n{{line"], "row.mustache:2: this tag is not closed"),
      (["row.mustache": "\n\n{{line now}}"], "row.mustache:3: invalid Mustache: a tag is not closed"),
      (["row.mustache": "{{> cell}}"], "row.mustache:1: there is no template cell.mustache"),
      (
        ["row.mustache": "{{> a}}", "a.mustache": "{{> b}}", "b.mustache": "{{> a}}"],
        "a.mustache: this template includes"
      ),
      (["languages/xx.txt": "line = Zeile\nlinie = Linie"], "languages/xx.txt:2: unknown key linie"),
      (["languages/xx.txt": "line"], "languages/xx.txt:1: expected KEY = TEXT"),
      (
        ["row.mustache": "{{line}}", "languages/xx.txt": "rows.one = {n} Zeile"],
        "languages/xx.txt:1: rows.other is missing"
      ),
      (["row.mustache": "{{line}}", "languages/xx.txt": "caption = X"], "languages/xx.txt:1: caption lacks the"),
      (["row.mustache": "{{line}}", "languages/xx.txt": "# X\r\n\r\nline = Zeile\r\n"], "none"),
      (["notes.md": "nothing"], "DIR: the folder contains no template"),
      (
        ["row.mustache": "{{! projct_id }}{{{line}}}{{&line}}{{uppercased(line)}}{{#findings}}{{.}}{{/findings}}"],
        "none"
      ),
      (["row.mustache": "{{> cell}}", "cell.mustache": "{{line}}", "languages/xx.txt": "# X\nline = Zeile"], "none"),
    ] as [([String: String], String)])
  func mistakes(files: [String: String], message: String) throws {
    let error = try error(files)
    #expect(error.hasPrefix(message), "\(error)")
  }

  @Test("of a user's own make the page, row by row, and values are escaped in it")
  func own() throws {
    let folder = try TemporaryFolder()
    try "<html lang={{language}}><style>{{{style}}}</style>\n".write(
      toFile: folder.path + "/page-start.mustache", atomically: true, encoding: .utf8)
    try "{{> cell}}\n".write(toFile: folder.path + "/row.mustache", atomically: true, encoding: .utf8)
    try "<{{line}}|{{project_id}}|{{words.line}}>".write(
      toFile: folder.path + "/cell.mustache", atomically: true, encoding: .utf8)
    try "end\n".write(toFile: folder.path + "/page-end.mustache", atomically: true, encoding: .utf8)
    try "b { }".write(toFile: folder.path + "/style.css", atomically: true, encoding: .utf8)
    try FileManager.default.createDirectory(atPath: folder.path + "/languages", withIntermediateDirectories: true)
    try "line = Zeile".write(toFile: folder.path + "/languages/de.txt", atomically: true, encoding: .utf8)
    let templates = try HTMLTemplates(folder: folder.path)
    #expect(templates.languageCodes == ["de", "en", "es", "pt"])
    let language = try #require(templates.language("de"))
    var run = NastyRows.run
    run.record.inputColumns = []
    try ReportFolder(
      path: folder.path, formats: [.html], html: HTMLOptions(templates: templates, language: language)
    ).write(run) { body in
      for (line, id) in [(2, "<a>"), (3, "{{line}}")] {
        try body([ResultRow(line: line, projectID: id, outcome: .notFound)])
      }
    }
    #expect(
      try folder.text("inventory.html")
        == "<html lang=de><style>b { }</style>\n<2|&lt;a&gt;|Zeile>\n<3|{{line}}|Zeile>\nend\n")
  }

  @Test("have the names that the guide lists")
  func guide() throws {
    let guide = try Guide.named("Templates")
    let lists = try guide.section("Lists of the report").tables
    let page = try guide.section("Names for the whole report").table("name").codes("name") + lists[0].codes("name")
    #expect(page.sorted() == TemplateNames.page.sorted())
    #expect(try lists[1].codes("name").sorted() == TemplateNames.items.union(["title"]).sorted())
    let row = try guide.section("Names in a row").table("name").codes("name")
    #expect(Set(row).union(["credential_column", "text"]) == Set(HTMLRow.names).union(["credential_column", "text"]))
  }

  @Test("the built-in ones have none of the mistakes that others are looked through for")
  func builtIn() throws {
    let english = try Language(code: "en", text: try #require(HTMLTemplates.builtIn["languages/en.txt"]), file: "en")
    let files = HTMLTemplates.builtIn.mapValues { TemplateFile(text: $0, path: "") }
    try TemplateCheck(files: files, words: english.words).check()
  }

  @Test("every language has its own way with numbers and dates")
  func languages() throws {
    let templates = try HTMLTemplates()
    let time = try #require(Timestamp(rfc3339: "2026-03-05T07:08:09.000Z"))
    for (code, number, share, date) in [
      ("en", "1,234,567", "12.5%", "5 Mar 2026"), ("es", "1.234.567", "12,5 %", "05/03/2026"),
      ("pt", "1.234.567", "12,5%", "05/03/2026"),
    ] {
      let language = try #require(templates.language(code))
      #expect(language.number(1_234_567) == number)
      #expect(language.share(1, of: 8) == share)
      #expect(language.share(1, of: 100_000) != language.share(0, of: 8))
      #expect(language.share(99_999, of: 100_000) != language.share(8, of: 8))
      #expect(language.date(time) == date)
      #expect(language.dateAndTime(time) == date + " 07:08")
      #expect(language.word("months").split(separator: " ").count == 12)
    }
    let english = try #require(templates.language("en"))
    #expect(english.word("caption", ["list": "{n}"]).contains("{n}"))
  }
}
