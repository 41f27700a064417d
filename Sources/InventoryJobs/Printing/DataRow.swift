/// A row of data that a command prints.
protocol DataRow {
  /// One value for each name in the layout.
  var values: [DataValue] { get }
  /// One cell for each table column in the layout. Cells may contain any text.
  var tableCells: [String] { get }
}

/// The columns of the rows that a command prints.
struct DataLayout {
  /// Names of the values, in order. They are columns in CSV and keys in JSON Lines.
  let names: [String]
  let tableColumns: [TableColumn]
}

enum DataValue {
  case text(String?)
  case number(Int?)
  case real(Double)
  /// Joined with `;` in CSV.
  case list([String])
}

struct TableColumn {
  let title: String
  /// Numbers are right-aligned.
  var isNumber = false
  /// Maximum width in characters.
  var limit = 40
}
