import Ledger

extension SchemaColumn: DataRow {
  static let layout = DataLayout(
    names: ["table", "column", "type", "meaning"],
    tableColumns: [
      TableColumn(title: "TABLE"), TableColumn(title: "COLUMN"), TableColumn(title: "TYPE"),
      TableColumn(title: "MEANING"),
    ])

  var values: [DataValue] { [.text(table), .text(name), .text(type), .text(meaning)] }

  var tableCells: [String] { [table, name ?? "", type, meaning] }
}
