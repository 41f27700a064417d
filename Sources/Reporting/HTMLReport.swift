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
  private let page: [String: Any]

  init(run: ReportedRun, hasCSV: Bool) throws {
    pageStart = try MustacheTemplate(string: ReportTemplates.pageStart)
    row = try MustacheTemplate(string: ReportTemplates.row)
    pageEnd = try MustacheTemplate(string: ReportTemplates.pageEnd)
    page = HTMLPage(run: run, hasCSV: hasCSV).context
  }

  func begin() -> [UInt8] { Array(pageStart.render(page).utf8) }

  mutating func row(_ result: ResultRow) -> [UInt8] {
    guard rowCount < Self.rowLimit else { return [] }
    rowCount += 1
    return Array(row.render(Self.context(of: result)).utf8)
  }

  func end() -> [UInt8] { Array(pageEnd.render(page).utf8) }

  /// The values of a row's template; an absent one is a section that is left out.
  private static func context(of row: ResultRow) -> [String: Any] {
    var context: [String: Any] = [
      "line": row.line, "project_id": row.projectID.visible, "outcome": row.outcome.rawValue,
      "outcome_label": row.outcome.label, "attempts": row.attempts,
      "inputs": (InputCells.cells(json: row.inputJSON) ?? []).map { ["value": $0?.visible ?? ""] },
    ]
    func set(_ name: String, _ value: String?) {
      if let value, !value.isEmpty { context[name] = value.visible }
    }
    if let status = row.httpStatus { context["http_status"] = status }
    if let duration = row.durationMS { context["duration_ms"] = duration }
    set("fetched_at", row.fetchedAt)
    set("credential", row.credential)
    set("error_code", row.error?.code.rawValue)
    set("error_message", row.error?.message)
    if let integration = row.integration {
      set("integration_id", integration.id)
      set("brain_id", integration.brainID)
      set("webhook_url", integration.webhookURL)
      if isLink(integration.webhookURL) { context["webhook_link"] = integration.webhookURL }
      set("webhook_host", integration.webhookHost)
      set("auth_type", integration.authType)
      set("created_at", integration.createdAt)
      set("updated_at", integration.updatedAt)
    }
    return context
  }

  /// Only http and https may be followed from a report; a text with anything invisible in it is no link.
  private static func isLink(_ url: String) -> Bool {
    let start = url.prefix(8).lowercased()
    return (start.hasPrefix("https://") || start.hasPrefix("http://"))
      && url.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }
}
