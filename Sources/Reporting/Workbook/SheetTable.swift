import InventoryModel

/// A table of a workbook: its columns, and how it is shown.
struct SheetTable {
  struct Column {
    var name: String
    /// In characters.
    var width: Double
    /// Colours of the cells that hold one of these.
    var cellColors: [(value: String, cellColor: CellColor)] = []
  }

  /// Of the sheet; further sheets have a number behind it.
  var name: String
  var columns: [Column]
  /// Columns that stay in view.
  var frozenColumns: Int
}

extension SheetTable.Column {
  init(_ field: RecordField, cellColors: [(value: String, cellColor: CellColor)] = []) {
    self.init(name: field.column, width: field.width, cellColors: cellColors)
  }
}
