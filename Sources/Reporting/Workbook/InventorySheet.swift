import InventoryModel
import TextFormats

/// The sheet of all rows, with the columns of the CSV report under the same names.
struct InventorySheet {
  /// Maximum number of columns in an Excel sheet.
  static let mostColumns = 16_384

  let table: SheetTable
  private let inputColumnCount: Int

  /// - Throws: ``TooManyColumns``.
  init(inputColumns: [String], language: Language) throws(TooManyColumns) {
    try ReportFormat.xlsx.check(inputColumns: inputColumns)
    let columns = InventoryColumns(inputColumns: inputColumns)
    inputColumnCount = columns.list.count
    table = SheetTable(
      name: language.word("sheet_name_inventory"),
      columns: InventoryColumns.leadingFields.map(Self.column)
        + columns.list.map { SheetTable.Column(name: $0, width: 20) }
        + InventoryColumns.trailingFields.map(Self.column), frozenColumns: InventoryColumns.leading.count)
  }

  private static func column(_ field: RecordField) -> SheetTable.Column {
    SheetTable.Column(
      field, cellColors: field.column == "outcome" ? Outcome.allCases.map { ($0.rawValue, $0.cellColor) } : [])
  }

  func cells(_ row: borrowing ResultRow) -> [SheetCell] {
    let inputs = InputCells.cells(json: row.inputJSON) ?? []
    var cells: [SheetCell] = []
    for field in InventoryColumns.leadingFields { cells.append(SheetCell(field, of: row)) }
    for index in 0..<inputColumnCount { cells.append(.text(index < inputs.count ? inputs[index] : nil)) }
    for field in InventoryColumns.trailingFields { cells.append(SheetCell(field, of: row)) }
    return cells
  }
}
