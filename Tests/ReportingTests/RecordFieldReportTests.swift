import Auditing
import DelimitedText
import Foundation
import InventoryModel
import TestSupport
import Testing

@testable import Reporting

@Suite("The record's fields in reports and documents")
struct RecordFieldReportTests {
  private static let row = ResultRow(
    line: 2, projectID: "a", outcome: .found, integration: Integration(webhookURL: "https://hooks.example.com/"),
    error: RowError(.timeout, "No answer."), findings: [Finding(.noAuth, "None.")])

  private var columns: [String] { (InventoryColumns.leadingFields + InventoryColumns.trailingFields).map(\.column) }

  @Test("are the columns of the CSV and of the workbook, as the guide lists them")
  func tables() throws {
    var csv = CSVReport(inputColumns: [])
    #expect(String(decoding: csv.begin(), as: UTF8.self) == columns.joined(separator: ",") + "\r\n")
    let sheet = try InventorySheet(inputColumns: [], language: HTMLOptions.english().language)
    #expect(sheet.table.columns.map(\.name) == columns)
    #expect(sheet.cells(Self.row).count == columns.count)
    let documented = try Guide.named("Reports").section("CSV columns").table("column").column("column")
    let names =
      InventoryColumns.leading.map { "`\($0)`" } + ["*list columns*"] + InventoryColumns.trailing.map { "`\($0)`" }
    #expect(documented == names)
  }

  @Test("are the keys of a JSON line, as the guide and the JSON Schema list them")
  func jsonLines() throws {
    var report = JSONLinesReport()
    let line = String(decoding: report.row(Self.row), as: UTF8.self)
    let keys = line.matches(of: /"([a-z_]+)":/).map { String($0.1) }
    let table = try Guide.named("Reports").section("JSON Lines").table("key")
    let documented = zip(try table.codes("key"), try table.column("content")).flatMap { key, content in
      [key] + (key == "findings" ? Guide.codes(in: content).map { "findings.\($0)" } : [])
    }
    #expect(documented.map { $0.split(separator: ".").last.map(String.init) } == keys)
    for field in RecordField.all {
      guard let key = field.jsonKey else { continue }
      #expect(documented.contains(field.group.map { "\($0.rawValue).\(key)" } ?? key), "\(field.column)")
    }

    let text = try Data(contentsOf: Guide.root.appending(path: "samples/inventory.schema.json"))
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
