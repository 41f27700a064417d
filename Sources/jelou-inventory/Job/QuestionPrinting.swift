import Ledger
import Questions

/// Prints what there is to be asked.
struct QuestionPrinting {
  let format: DataFormat

  /// The built-in questions.
  func printList() throws { try printAll(Questions.all, Question.layout) }

  /// What the database holds.
  func printSchema() throws { try printAll(SchemaGuide.columns, SchemaColumn.layout) }

  /// A question's SQL, as it is.
  func printText(of question: Question) throws {
    var output = DataOutput()
    try output.write(question.sql.utf8)
    if question.sql.last?.isNewline != true { try output.write("\n".utf8) }
    try output.flush()
  }

  private func printAll(_ rows: [some DataRow], _ layout: DataLayout) throws {
    var printer = DataPrinter(format, layout, to: DataOutput())
    try printer.begin()
    for row in rows { try printer.row(row) }
    try printer.end()
  }
}
