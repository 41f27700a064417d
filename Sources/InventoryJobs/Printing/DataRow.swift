/// What a command prints as one row of data.
protocol DataRow {
  /// As many as the layout has names.
  var values: [DataValue] { get }
  /// As many as the layout has columns of the table; they may hold anything.
  var tableCells: [String] { get }
}

/// The columns of the rows that a command prints.
struct DataLayout {
  /// Names of the values, in order: columns in CSV, keys in JSON Lines.
  let names: [String]
  let tableColumns: [TableColumn]
}

enum DataValue {
  case text(String?)
  case number(Int?)
  case real(Double)
  /// Joined by `;` in CSV.
  case list([String])
}

struct TableColumn {
  let title: String
  /// Numbers stand at the right.
  var isNumber = false
  /// Characters at most.
  var limit = 40
}
