import Files
import InventoryModel

/// The XLSX report, for people who work with spreadsheets: a workbook with sheets for all rows, the findings, the
/// changes, and the summary.
final class XLSXReport: ReportWriter {
  static func fileName(_ profile: CSVProfile) -> String { "inventory.xlsx" }
  static let summarizesRun = true
  static let isBinary = true
  static let needsWorkingFolder = true
  static var mostInputColumns: Int? { InventorySheet.mostColumns - InventoryColumns(inputColumns: []).all.count }

  var rowCount: Int { inventory.rowCount }
  private(set) var madeFile: String?
  private let run: ReportedRun
  private let workbook: Workbook
  private let language: Language
  private let layout: InventorySheet
  private let findingsLayout: FindingsSheet
  private let changesLayout: ChangesSheet
  private let inventory: SheetSeries
  private let findings: SheetSeries
  private let changes: SheetSeries
  private let summary: Worksheet

  /// - Parameters:
  ///   - place: The path of the report. The workbook is created in a working folder next to it.
  ///   - language: The language of the sheets' names and of the summary. Columns and their values are the same in all
  ///     languages.
  ///   - rowLimit: The maximum number of rows in a sheet, without the header.
  /// - Throws: ``TooManyColumns``, `FileError`, and ``WorkbookError``.
  init(run: ReportedRun, place: String, language: Language, rowLimit: Int = SheetSeries.mostRows) throws {
    self.run = run
    self.language = language
    let (record, overview) = (run.record, run.overview)
    layout = try InventorySheet(inputColumns: record.inputColumns, language: language)
    findingsLayout = FindingsSheet(language)
    changesLayout = ChangesSheet(language)
    workbook = try Workbook(
      place: place, title: language.word("title"), made: record.finishedAt ?? record.startedAt)
    inventory = try SheetSeries(layout.table, in: workbook, rowLimit: rowLimit, expectedRows: record.listRows)
    findings = try SheetSeries(
      findingsLayout.table, in: workbook, rowLimit: rowLimit, expectedRows: overview.findings.total)
    changes = try SheetSeries(
      changesLayout.table, in: workbook, rowLimit: rowLimit,
      expectedRows: overview.changes.total - overview.changes[.unchanged] + overview.unlisted.count)
    summary = try workbook.addSheet(named: language.word(SummarySheet.name))
  }

  convenience init(_ request: ReportRequest) throws {
    try self.init(run: request.run, place: request.place, language: request.language)
  }

  func begin() -> [UInt8] { [] }

  func rows(_ rows: Span<ResultRow>) throws -> [UInt8] {
    for index in rows.indices { try append(rows[index]) }
    return []
  }

  private func append(_ row: borrowing ResultRow) throws {
    try inventory.append(layout.cells(row))
    for cells in findingsLayout.rows(row) { try findings.append(cells) }
    if let cells = changesLayout.cells(row) { try changes.append(cells) }
  }

  func end() throws -> [UInt8] {
    for project in run.overview.unlisted { try changes.append(changesLayout.cells(project)) }
    if findings.rowCount == 0 { try findings.note(findingsLayout.whyEmpty) }
    if changes.rowCount == 0 { try changes.note(changesLayout.whyEmpty(run)) }
    for series in [inventory, findings, changes] { try series.end() }
    let content = SummarySheet(run, cutCells: workbook.cutCells, changesSheet: changesLayout.table.name, language)
    try workbook.write(content, to: summary, language)
    try workbook.close()
    madeFile = workbook.path
    return []
  }
}

extension Workbook {
  fileprivate func write(_ summary: SummarySheet, to sheet: Worksheet, _ language: Language) throws {
    try sheet.setWidths(SummarySheet.widths)
    sheet.fitToPages()
    for row in summary.rows { try sheet.append(row) }
    try OutcomeChart.insert(in: sheet, of: self, rows: summary.outcomeRows, language)
  }
}
