import Auditing
import DelimitedText
import Foundation
import InventoryModel
import Testing

@testable import Reporting

@Suite("The record's fields in reports and documents")
struct RecordFieldReportTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static let row = ResultRow(
    line: 2, projectID: "a", outcome: .found, integration: Integration(webhookURL: "https://hooks.example.com/"),
    error: RowError(.timeout, "No answer."), findings: [Finding(.noAuth, "None.")])

  /// Names in code style of a paragraph of the README.
  private func names(inParagraph heading: String, upTo end: String) throws -> [String] {
    let readme = try String(contentsOf: Self.root.appending(component: "README.md"), encoding: .utf8)
    let paragraph = try #require(readme.components(separatedBy: "\n**\(heading)**").dropFirst().first)
      .components(separatedBy: end)[0]
    return paragraph.matches(of: /`([a-z_]+)`/).map { String($0.1) }
  }

  private var columns: [String] { (InventoryColumns.leadingFields + InventoryColumns.trailingFields).map(\.column) }

  @Test("are the columns of the CSV and of the workbook, as the README lists them")
  func tables() throws {
    var csv = CSVReport(inputColumns: [])
    #expect(String(decoding: csv.begin(), as: UTF8.self) == columns.joined(separator: ",") + "\r\n")
    let sheet = try InventorySheet(inputColumns: [], language: HTMLOptions.english().language)
    #expect(sheet.table.columns.map(\.name) == columns)
    #expect(sheet.cells(Self.row).count == columns.count)
    #expect(try names(inParagraph: "CSV columns", upTo: "`line` is the line") == columns)
  }

  @Test("are the keys of a JSON line, as the README and the JSON Schema list them")
  func jsonLines() throws {
    var report = JSONLinesReport()
    let line = String(decoding: report.row(Self.row), as: UTF8.self)
    let keys = line.matches(of: /"([a-z_]+)":/).map { String($0.1) }
    #expect(try names(inParagraph: "JSON Lines keys", upTo: "[samples/") == keys)

    let text = try Data(contentsOf: Self.root.appending(path: "samples/inventory.schema.json"))
    let schema = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
    let fields = RecordField.all.filter { $0.jsonKey != nil }
    let parts = try #require(schema["$defs"] as? [String: [String: Any]])
    for group in Set(fields.compactMap(\.group)) {
      let keys = fields.filter { $0.group == group }.compactMap(\.jsonKey)
      let part = try #require(parts[group.rawValue])
      #expect(part["required"] as? [String] == keys)
      #expect((part["properties"] as? [String: Any]).map { Set($0.keys) } == Set(keys))
    }
    let grouped = Set(fields.compactMap(\.group).map(\.rawValue))
    let top = fields.filter { $0.group == nil }.compactMap(\.jsonKey) + grouped
    #expect((schema["required"] as? [String]).map(Set.init) == Set(top))
    #expect((schema["properties"] as? [String: Any]).map { Set($0.keys) } == Set(top))
  }

  @Test("are names of the row's template, and its values")
  func template() {
    for field in InventoryColumns.leadingFields + InventoryColumns.trailingFields {
      #expect(TemplateNames.all.contains(field.column), "\(field.column)")
    }
  }
}
