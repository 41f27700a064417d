import Ledger
package import LedgerQueries

/// Prints the available questions, the database schema, or the SQL of a question.
package struct QuestionPrinting {
  package let format: DataFormat
  package let output: any JobOutput

  package init(
    format: DataFormat, output: any JobOutput
  ) {
    self.format = format
    self.output = output
  }

  /// Prints the built-in questions.
  package func printList() throws { try printAll(BuiltInQuestions.all, Question.layout) }

  /// Prints the tables and columns of the database.
  package func printSchema() throws { try printAll(SchemaGuide.columns(), SchemaColumn.layout) }

  /// Prints a question's SQL unchanged, with a line break at the end.
  package func printText(of question: Question) throws {
    var output = DataOutput(output)
    try output.write(question.sql.utf8)
    if question.sql.last?.isNewline != true { try output.write("\n".utf8) }
    try output.flush()
  }

  private func printAll(_ rows: [some DataRow], _ layout: DataLayout) throws {
    var printer = DataPrinter(format, layout, to: DataOutput(output))
    try printer.begin()
    for row in rows { try printer.row(row) }
    try printer.end()
  }
}

extension Question: DataRow {
  static let layout = DataLayout(
    names: ["name", "title", "parameters"],
    tableColumns: [
      TableColumn(title: "NAME"), TableColumn(title: "TITLE", limit: 70), TableColumn(title: "PARAMETERS"),
    ])

  var values: [DataValue] { [.text(name), .text(title), .list(parameterNames)] }

  var tableCells: [String] { [name, title, parameterNames.joined(separator: ", ")] }

  /// The parameters with their default values: `days=365`.
  private var parameterNames: [String] {
    parameters.map { parameter in parameter.name + (parameter.defaultValue.map { "=" + $0 } ?? "") }
  }
}

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
