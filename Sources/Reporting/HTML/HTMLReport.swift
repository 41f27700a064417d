import Auditing
import InventoryModel
import Mustache
import TextFormats

/// The HTML report, for people: one self-contained page.
///
/// The page comes from three templates, so that rows are written as they arrive. If the list has more rows than the
/// table can hold, the rows that need attention have priority, and the page shows a note. The figures above the table
/// count all rows.
struct HTMLReport: ReportWriter {
  static func fileName(_ profile: CSVProfile) -> String { "inventory.html" }
  static let summarizesRun = true
  static let limitsRows = true

  /// Maximum number of rows for which the page itself contains the table's links.
  private static let linkedRows = 2000

  private(set) var rowCount = 0
  private let templates: HTMLTemplates
  private let page: TemplateValues
  private let style: HTMLRow.Style
  private var rows: RowRenderer
  /// Lines of the rows that are still to be added to the table, in reverse order; nil if the table contains all rows.
  private var lines: [Int]?
  /// Filters that the page links to and that no row has matched yet.
  private var anchors: Set<RowFilter>

  init(_ request: ReportRequest) {
    let (run, options) = (request.run, request.html)
    let csvFile = request.formats.contains(.csv) ? ReportFormat.csv.fileName(request.csvProfile) : nil
    templates = options.templates
    rows = RowRenderer(templates.row, library: templates.library)
    page = HTMLPage(run: run, options: options, csvFile: csvFile).values
    style = HTMLRow.Style(
      language: options.language, words: options.language.values, inputColumnCount: run.record.inputColumns.count,
      hasCredentials: run.overview.onlyCredential == nil,
      hasLinks: (run.linesInPage?.count ?? run.record.listRows) <= Self.linkedRows,
      day: String(run.record.startedAt.description.prefix(10)))
    lines = run.linesInPage.map { $0.reversed() }
    anchors = Self.filters(of: run.overview)
  }

  private static func filters(of overview: RunOverview) -> Set<RowFilter> {
    var filters: Set<RowFilter> = [.unanswered]
    filters.formUnion(Outcome.allCases.map(RowFilter.outcome))
    filters.formUnion(Rule.all.map { .rule($0.rule) })
    filters.formUnion(Severity.allCases.map(RowFilter.severity))
    filters.formUnion(Change.allCases.map(RowFilter.change))
    filters.formUnion(overview.hosts.entries.compactMap { $0.value.map(RowFilter.host) })
    return filters
  }

  func begin() -> [UInt8] { Array(templates.pageStart.render(page, library: templates.library).utf8) }

  mutating func rows(_ results: Span<ResultRow>) -> [UInt8] {
    var bytes: [UInt8] = []
    for index in results.indices {
      if lines != nil {
        guard lines?.last == results[index].line else { continue }
        lines?.removeLast()
      }
      bytes += row(results[index])
    }
    return bytes
  }

  private mutating func row(_ result: borrowing ResultRow) -> [UInt8] {
    rowCount += 1
    return rows.render(HTMLRow(result, style: style, anchors: takeAnchors(of: result)))
  }

  /// Returns the anchors of the filters that this row is the first to match. The page's links lead to these anchors.
  private mutating func takeAnchors(of row: borrowing ResultRow) -> [String] {
    guard !anchors.isEmpty else { return [] }
    return RowFilter.all(of: row).compactMap { anchors.remove($0)?.anchor }
  }

  func end() -> [UInt8] { Array(templates.pageEnd.render(page, library: templates.library).utf8) }
}

/// Options of the HTML report.
package struct HTMLOptions: Sendable {
  /// Default for ``rowLimit``: as many rows as a browser scrolls smoothly.
  package static let defaultRowLimit = 5000

  package let templates: HTMLTemplates
  /// Language of the HTML report. The workbook uses it, too.
  package let language: Language
  /// Maximum number of rows in the table. The summary above it counts all rows.
  package let rowLimit: Int

  package init(templates: HTMLTemplates, language: Language, rowLimit: Int = defaultRowLimit) {
    self.templates = templates
    self.language = language
    self.rowLimit = rowLimit
  }
}
