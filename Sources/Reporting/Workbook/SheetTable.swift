import InventoryModel

/// A table in a workbook: its columns and its layout.
struct SheetTable {
  struct Column {
    var name: String
    /// The width in characters.
    var width: Double
    /// The colors of cells with these values.
    var cellColors: [(value: String, cellColor: CellColor)] = []
  }

  /// The name of the sheet. Further sheets append a number to it.
  var name: String
  var columns: [Column]
  /// Number of columns that stay in view while the sheet scrolls.
  var frozenColumns: Int
}

extension SheetTable.Column {
  init(_ field: RecordField, cellColors: [(value: String, cellColor: CellColor)] = []) {
    self.init(name: field.column, width: field.width, cellColors: cellColors)
  }
}
