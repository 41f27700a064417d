import ArgumentParser

/// Which database a command reads, and how it prints.
struct HistoryOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The folder of the reports, in which the database is inventory.db. (default: inventory)", valueName: "dir"),
    completion: .directory)
  var output: String?

  @Option(help: ArgumentHelp("The database. (default: DIR/inventory.db)", valueName: "file"), completion: .file())
  var database: String?

  @Option(help: ArgumentHelp("How to print: table, csv or jsonl.", valueName: "name"))
  var format = DataFormat.table

  var databasePath: String {
    DatabaseLocation(database: database, output: output ?? DatabaseLocation.standardFolder).existing
  }

  func validate() throws {
    guard output?.isEmpty != true, database?.isEmpty != true else { throw ValidationError("A path is empty.") }
  }
}
