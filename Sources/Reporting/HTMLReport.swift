import InventoryModel
import Mustache
import ReportTemplates

/// The inventory for people: one page that needs nothing but itself.
///
/// The page comes from three templates, so that rows go out as they come. Its table holds the first rows of a long
/// list and says so; the tiles above it count all of them.
struct HTMLReport: ReportWriter {
  /// Rows that the table holds at most: what a browser still scrolls with ease.
  static let rowLimit = 5000

  private(set) var rowCount = 0
  private let pageStart: MustacheTemplate
  private let row: MustacheTemplate
  private let pageEnd: MustacheTemplate
  private let page: TemplateValues
  private let inputColumnCount: Int

  init(run: ReportedRun, hasCSV: Bool) throws {
    EscapedHTML.register()
    pageStart = try Self.template(ReportTemplates.pageStart)
    row = try Self.template(ReportTemplates.row)
    pageEnd = try Self.template(ReportTemplates.pageEnd)
    page = HTMLPage(run: run, hasCSV: hasCSV).values
    inputColumnCount = run.record.inputColumns.count
  }

  private static func template(_ text: String) throws -> MustacheTemplate {
    try MustacheTemplate(string: "{{% CONTENT_TYPE:\(EscapedHTML.name)}}" + text)
  }

  func begin() -> [UInt8] { Array(pageStart.render(page).utf8) }

  mutating func row(_ result: ResultRow) -> [UInt8] {
    guard rowCount < Self.rowLimit else { return [] }
    rowCount += 1
    return Array(row.render(values(of: result)).utf8)
  }

  func end() -> [UInt8] { Array(pageEnd.render(page).utf8) }

  /// The values of a row's template; an absent one is a section that is left out.
  private func values(of row: ResultRow) -> TemplateValues {
    var values = TemplateValues()
    func set(_ name: String, _ text: String?) {
      if let text, !text.isEmpty { values.set(name, text.visible) }
    }
    values.set("line", row.line)
    set("project_id", row.projectID)
    let cells = InputCells.cells(json: row.inputJSON) ?? []
    values.set(
      "inputs",
      (0..<inputColumnCount).map { index in
        var input = TemplateValues()
        input.set("value", index < cells.count ? cells[index]?.visible ?? "" : "")
        return input
      })
    values.set("outcome", row.outcome.rawValue)
    values.set("outcome_label", row.outcome.label)
    if let status = row.httpStatus { values.set("http_status", status) }
    if let integration = row.integration {
      set("integration_id", integration.id)
      set("brain_id", integration.brainID)
      set("webhook_url", integration.webhookURL)
      if Self.isLink(integration.webhookURL) { values.set("webhook_link", integration.webhookURL) }
      set("webhook_host", integration.webhookHost)
      set("auth_type", integration.authType)
      set("created_at", integration.createdAt)
      set("updated_at", integration.updatedAt)
    }
    values.set("attempts", row.attempts)
    if let duration = row.durationMS { values.set("duration_ms", duration) }
    set("fetched_at", row.fetchedAt)
    set("credential", row.credential)
    set("error_code", row.error?.code.rawValue)
    set("error_message", row.error?.message)
    return values
  }

  /// What browsers take as an address.
  private static let longestLink = 2048

  /// Only http and https may be followed from a report; a text with anything invisible in it is no link.
  private static func isLink(_ url: String) -> Bool {
    let start = url.prefix(8).lowercased()
    return (start.hasPrefix("https://") || start.hasPrefix("http://")) && url.utf8.count <= longestLink
      && url.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }
}
