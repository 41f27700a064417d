import Questions

extension Question: DataRow {
  static let layout = DataLayout(
    names: ["name", "title", "parameters"],
    tableColumns: [
      TableColumn(title: "NAME"), TableColumn(title: "TITLE", limit: 70), TableColumn(title: "PARAMETERS"),
    ])

  var values: [DataValue] { [.text(name), .text(title), .list(parameterNames)] }

  var tableCells: [String] { [name, title, parameterNames.joined(separator: ", ")] }

  /// With the defaults: `days=365`.
  private var parameterNames: [String] {
    parameters.map { parameter in parameter.name + (parameter.defaultValue.map { "=" + $0 } ?? "") }
  }
}
