import ArgumentParser
import InventoryJobs

/// Which database a command reads, and how it prints.
struct HistoryOptions: ParsableArguments {
  @OptionGroup var database: DatabaseOptions

  @Option(help: ArgumentHelp("How to print: table, csv or jsonl.", valueName: "name"))
  var format = DataFormat.table

  var databasePath: String { database.location.existing }
}

extension DataFormat: ExpressibleByArgument {}
