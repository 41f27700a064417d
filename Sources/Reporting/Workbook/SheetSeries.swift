import CXlsxWriter

/// A table that continues in another sheet when a sheet is full.
final class SheetSeries {
  /// Maximum number of rows in an Excel sheet, without the header.
  static let mostRows = 1_048_575

  /// Number of rows so far, in all sheets of the table.
  private(set) var rowCount = 0
  private let table: SheetTable
  private let workbook: Workbook
  private let rowLimit: Int
  private var sheets: [Worksheet] = []
  /// Index of the sheet that is being filled.
  private var current = 0

  /// - Parameters:
  ///   - rowLimit: The maximum number of rows in a sheet, without the header.
  ///   - expectedRows: The expected number of rows. The sheets for these rows are next to each other; sheets for any
  ///     further rows are at the end of the workbook.
  init(_ table: SheetTable, in workbook: Workbook, rowLimit: Int, expectedRows: Int) throws {
    self.table = table
    self.workbook = workbook
    self.rowLimit = rowLimit
    for _ in 0..<max(1, (expectedRows + rowLimit - 1) / rowLimit) { try addSheet() }
  }

  func append(_ cells: [SheetCell]) throws {
    // The row count of a sheet includes the header.
    if sheets[current].rowCount > rowLimit || sheets[current].isTooLarge {
      current += 1
      if current == sheets.count { try addSheet() }
    }
    try sheets[current].append(cells)
    rowCount += 1
  }

  /// Writes a line that explains why the table is empty. It does not count as a row.
  func note(_ text: String) throws { try sheets[current].append([.text(text)]) }

  /// Adds filters and colors. Call it after the last row.
  func end() throws {
    for sheet in sheets {
      let last = UInt32(max(1, sheet.rowCount - 1))
      let columns = UInt16(table.columns.count - 1)
      try WorkbookError.check(worksheet_autofilter(sheet.sheet, 0, 0, last, columns))
      for (index, column) in table.columns.enumerated() {
        for (value, cellColor) in column.cellColors {
          try colour(value, cellColor, in: sheet, column: UInt16(index), last: last)
        }
      }
    }
  }

  private func colour(
    _ value: String, _ cellColor: CellColor, in sheet: Worksheet, column: UInt16, last: UInt32
  ) throws {
    var rule = lxw_conditional_format()
    rule.type = UInt8(LXW_CONDITIONAL_TYPE_CELL.rawValue)
    rule.criteria = UInt8(LXW_CONDITIONAL_CRITERIA_EQUAL_TO.rawValue)
    rule.format = workbook.styles.format(cellColor)
    let result = "\"\(value)\"".withCString { value in
      rule.value_string = UnsafeMutablePointer(mutating: value)
      return worksheet_conditional_format_range(sheet.sheet, 1, column, last, column, &rule)
    }
    try WorkbookError.check(result)
  }

  private func addSheet() throws {
    let name = sheets.isEmpty ? table.name : "\(table.name) \(sheets.count + 1)"
    let sheet = try workbook.addSheet(named: name)
    sheets.append(sheet)
    try sheet.setWidths(table.columns.map(\.width))
    worksheet_freeze_panes(sheet.sheet, 1, UInt16(table.frozenColumns))
    try WorkbookError.check(worksheet_repeat_rows(sheet.sheet, 0, 0))
    sheet.fitToPages()
    // IDs that consist of digits are intentionally stored as text.
    try WorkbookError.check(
      worksheet_ignore_errors(sheet.sheet, UInt8(LXW_IGNORE_NUMBER_STORED_AS_TEXT.rawValue), "A1:XFD1048576"))
    try sheet.append(table.columns.map { .heading($0.name) })
  }
}
