import ArgumentParser
import InventoryJobs

/// The database that a command reads, and the format in which it prints.
struct HistoryOptions: ParsableArguments {
  @OptionGroup var database: DatabaseOptions

  @Option(help: ArgumentHelp("Format of the printed data: \(DataFormat.names).", valueName: "name"))
  var format = DataFormat.table

  var databasePath: String { database.location.existing }
}

extension DataFormat: NamedValue {}
