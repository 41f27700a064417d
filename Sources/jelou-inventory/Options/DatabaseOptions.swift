import ArgumentParser

/// The locations of the reports and the database.
struct DatabaseOptions: ConfigurableOptions {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      """
      Folder of the reports and the database; run, report and merge create it. - prints a single report to \
      standard output.
      """, valueName: "dir"), completion: .directory)
  var output = DatabaseLocation.standardFolder

  @Option(
    help: ArgumentHelp(
      "Database with the history of all runs. (default: DIR/inventory.db)", valueName: "file"),
    completion: .file(extensions: ["db"]))
  var database: String?

  var location: DatabaseLocation { DatabaseLocation(database: database, output: output) }

  func validate() throws {
    guard !output.isEmpty else { throw ValidationError("The path of --output is empty; use a folder, or -.") }
    guard database?.isEmpty != true else {
      throw ValidationError("The path of --database is empty; use a file, or omit the option.")
    }
  }
}
