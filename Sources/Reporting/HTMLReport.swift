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

  init(run: ReportedRun, csvFile: String?) throws {
    EscapedHTML.register()
    pageStart = try Self.template(ReportTemplates.pageStart)
    row = try Self.template(ReportTemplates.row)
    pageEnd = try Self.template(ReportTemplates.pageEnd)
    page = HTMLPage(run: run, csvFile: csvFile).values
    inputColumnCount = run.record.inputColumns.count
  }

  private static func template(_ text: String) throws -> MustacheTemplate {
    try MustacheTemplate(string: "{{% CONTENT_TYPE:\(EscapedHTML.name)}}" + text)
  }

  func begin() -> [UInt8] { Array(pageStart.render(page).utf8) }

  mutating func row(_ result: ResultRow) -> [UInt8] {
    guard rowCount < Self.rowLimit else { return [] }
    rowCount += 1
    return Array(row.render(HTMLRow(result, inputColumnCount: inputColumnCount)).utf8)
  }

  func end() -> [UInt8] { Array(pageEnd.render(page).utf8) }
}
