/// What a command prints as one row of data.
protocol DataRow {
  /// Names of the values, in order: columns in CSV, keys in JSON Lines.
  static var columns: [String] { get }
  var values: [DataValue] { get }

  static var tableColumns: [TableColumn] { get }
  /// As many as there are ``tableColumns``; they may hold anything.
  var tableCells: [String] { get }
}

enum DataValue {
  case text(String?)
  case number(Int?)
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
