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
  private let layout: InventorySheet
  private let inventory: SheetSeries
  private let findings: SheetSeries
  private let changes: SheetSeries
  private let summary: Worksheet

  /// - Parameters:
  ///   - place: The path of the report. The workbook is created in a working folder next to it.
  ///   - rowLimit: The maximum number of rows in a sheet, without the header.
  /// - Throws: ``TooManyColumns``, `FileError`, and ``WorkbookError``.
  init(run: ReportedRun, place: String, rowLimit: Int = SheetSeries.mostRows) throws {
    self.run = run
    let (record, overview) = (run.record, run.overview)
    layout = try InventorySheet(inputColumns: record.inputColumns)
    workbook = try Workbook(
      place: place, title: "Integration inventory", made: record.finishedAt ?? record.startedAt)
    inventory = try SheetSeries(layout.table, in: workbook, rowLimit: rowLimit, expectedRows: record.listRows)
    findings = try SheetSeries(
      FindingsSheet.table, in: workbook, rowLimit: rowLimit, expectedRows: overview.findings.total)
    changes = try SheetSeries(
      ChangesSheet.table, in: workbook, rowLimit: rowLimit,
      expectedRows: overview.changes.total - overview.changes[.unchanged] + overview.unlisted.count)
    summary = try workbook.addSheet(named: SummarySheet.name)
  }

  convenience init(_ request: ReportRequest) throws { try self.init(run: request.run, place: request.place) }

  func begin() -> [UInt8] { [] }

  func rows(_ rows: Span<ResultRow>) throws -> [UInt8] {
    for index in rows.indices { try append(rows[index]) }
    return []
  }

  private func append(_ row: borrowing ResultRow) throws {
    try inventory.append(layout.cells(row))
    for cells in FindingsSheet.rows(row) { try findings.append(cells) }
    if let cells = ChangesSheet.cells(row) { try changes.append(cells) }
  }

  func end() throws -> [UInt8] {
    for project in run.overview.unlisted { try changes.append(ChangesSheet.cells(project)) }
    if findings.rowCount == 0 { try findings.note(FindingsSheet.whyEmpty) }
    if changes.rowCount == 0 { try changes.note(ChangesSheet.whyEmpty(run)) }
    for series in [inventory, findings, changes] { try series.end() }
    try workbook.write(SummarySheet(run, cutCells: workbook.cutCells), to: summary)
    try workbook.close()
    madeFile = workbook.path
    return []
  }
}

extension Workbook {
  fileprivate func write(_ summary: SummarySheet, to sheet: Worksheet) throws {
    try sheet.setWidths(SummarySheet.widths)
    sheet.fitToPages()
    for row in summary.rows { try sheet.append(row) }
    try OutcomeChart.insert(in: sheet, of: self, rows: summary.outcomeRows)
  }
}
