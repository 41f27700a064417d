/// A table of a workbook: its columns, and how it is shown.
struct SheetTable {
  struct Column {
    var name: String
    /// In characters.
    var width: Double
    /// Colours of the cells that hold one of these.
    var tints: [(value: String, tint: Tint)] = []
  }

  /// Of the sheet; further sheets have a number behind it.
  var name: String
  var columns: [Column]
  /// Columns that stay in view.
  var frozenColumns: Int
}
