import ArgumentParser

/// Which database a command tells of, and how it prints.
struct HistoryOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The database.", valueName: "file"), completion: .file())
  var database = OutputOptions.commonDatabase

  @Option(help: ArgumentHelp("How to print: table, csv or jsonl.", valueName: "name"))
  var format = DataFormat.table

  func validate() throws {
    guard !database.isEmpty else { throw ValidationError("A path is empty.") }
  }
}
