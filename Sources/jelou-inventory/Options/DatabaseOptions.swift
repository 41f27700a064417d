import ArgumentParser

/// The locations of the reports and the database.
struct DatabaseOptions: ConfigurableOptions {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      """
      The folder of the reports, with the database; created if missing by commands that write reports. - is standard \
      output, for one report alone.
      """, valueName: "dir"), completion: .directory)
  var output = DatabaseLocation.standardFolder

  @Option(
    help: ArgumentHelp(
      "The database; kept across runs, it is the history. (default: DIR/inventory.db)", valueName: "file"),
    completion: .file())
  var database: String?

  var location: DatabaseLocation { DatabaseLocation(database: database, output: output) }

  func validate() throws {
    guard !output.isEmpty, database?.isEmpty != true else { throw ValidationError("A path is empty.") }
  }
}
