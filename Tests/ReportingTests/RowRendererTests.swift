import Foundation
import InventoryModel
import Testing

@testable import Reporting

@Suite("Rows rendered by their shape")
struct RowRendererTests {
  private func rows(hasLinks: Bool, templates: HTMLTemplates) throws -> [HTMLRow] {
    let language = try #require(templates.language("en"))
    let style = HTMLRow.Style(
      language: language, words: language.values, inputColumnCount: NastyRows.inputColumns.count, hasCredentials: true,
      hasLinks: hasLinks, day: "2026-11-23")
    return NastyRows.rows.enumerated().map { index, row in
      var row = row
      row.change = [nil, .new, .changed, .unknown][index % 4]
      row.changedFields = index % 4 == 2 ? ["webhook_url", "extra.<b>"] : []
      row.lastGood = index % 4 == 3 ? LastGood(webhookURL: row.integration?.webhookURL, at: "2026-01-15") : nil
      return HTMLRow(row, style: style, anchors: index % 6 == 0 ? ["a\"\(index)", "b"] : [])
    }
  }

  @Test(
    "say what the template makes of each by itself",
    arguments: [
      nil, "{{line}}{{project_id}}\n", "{{{webhook_url}}}|{{&error_message}}|{{webhook_url}}",
      "{{^webhook_url}}none{{/webhook_url}}{{#webhook_url}}<a href='{{webhook_url}}'>{{.}}</a>{{/webhook_url}}",
      "{{#findings}}{{rule}}={{{detail}}}{{^detail}}-{{/detail}};{{/findings}}{{^findings}}clean{{/findings}}",
      "{{#inputs}}[{{text}}{{#is_long}}!{{/is_long}}]{{/inputs}}{{#anchors}}{{.}}{{/anchors}}",
      "{{uppercased(project_id)}}{{words.line}}{{#change}}{{words.line}}{{change_label}}{{/change}}",
      "{{%CONTENT_TYPE:TEXT}}{{project_id}}{{webhook_url}}", "\u{F8FF}{{project_id}}0<>&\"'\u{F8FF}",
      "no value at all", "",
    ] as [String?])
  func equalToDirect(template: String?) throws {
    let folder = try TemporaryFolder()
    if let template {
      try template.write(toFile: folder.path + "/row.mustache", atomically: true, encoding: .utf8)
    }
    let templates = try HTMLTemplates(folder: template == nil ? nil : folder.path)
    for hasLinks in [true, false] {
      var renderer = RowRenderer(templates.row, library: templates.library)
      // Twice, so that each shape has been seen before.
      for row in try rows(hasLinks: hasLinks, templates: templates) + rows(hasLinks: hasLinks, templates: templates) {
        #expect(
          String(decoding: renderer.render(row), as: UTF8.self) == String(decoding: renderer.direct(row), as: UTF8.self)
        )
      }
    }
  }

  @Test("stay apart where one has a text more than the other")
  func shapes() throws {
    let templates = try HTMLTemplates()
    let rows = try rows(hasLinks: true, templates: templates)
    for row in rows {
      var count = 0
      row.forEachText { _ in count += 1 }
      let marked = row.replacingTexts { "x" }
      #expect(marked.shape == row.shape)
      // As many texts as the shape says.
      for other in rows where other.shape == row.shape {
        var others = 0
        other.forEachText { _ in others += 1 }
        #expect(others == count)
      }
    }
    #expect(Set(rows.map(\.shape)).count > 5)
  }
}
