import CXlsxWriter

/// A table that goes on in a further sheet wherever one is full.
final class SheetSeries {
  /// Rows that a sheet of Excel has under its header.
  static let mostRows = 1_048_575

  /// Rows so far, in all of its sheets.
  private(set) var rowCount = 0
  private let table: SheetTable
  private let workbook: Workbook
  private let rowLimit: Int
  private var sheets: [Worksheet] = []
  /// Index of the sheet that is being filled.
  private var current = 0

  /// - Parameters:
  ///   - rowLimit: rows of a sheet under its header.
  ///   - expectedRows: so many sheets stand side by side; if there are more rows, further ones stand at the end.
  init(_ table: SheetTable, in workbook: Workbook, rowLimit: Int, expectedRows: Int) throws {
    self.table = table
    self.workbook = workbook
    self.rowLimit = rowLimit
    for _ in 0..<max(1, (expectedRows + rowLimit - 1) / rowLimit) { try addSheet() }
  }

  func append(_ cells: [SheetCell]) throws {
    // The header is a row too.
    if sheets[current].rowCount > rowLimit || sheets[current].isTooLarge {
      current += 1
      if current == sheets.count { try addSheet() }
    }
    try sheets[current].append(cells)
    rowCount += 1
  }

  /// A line that says why the table is empty; it is no row of it.
  func note(_ text: String) throws { try sheets[current].append([.text(text)]) }

  /// Filters and colours, when all rows are there.
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
    // IDs of digits are meant to be texts.
    try WorkbookError.check(
      worksheet_ignore_errors(sheet.sheet, UInt8(LXW_IGNORE_NUMBER_STORED_AS_TEXT.rawValue), "A1:XFD1048576"))
    try sheet.append(table.columns.map { .heading($0.name) })
  }
}
