import ArgumentParser
import Reporting

/// Where the reports go, and which.
struct OutputOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: ArgumentHelp("Where the reports go; made if missing.", valueName: "dir"))
  var output = "inventory"

  @Option(
    help: ArgumentHelp(
      "The database; kept across runs, it is the history. (default: DIR/inventory.db)", valueName: "file"))
  var database: String?

  @Option(help: ArgumentHelp("Which reports: csv, jsonl, html, xlsx, separated by commas.", valueName: "names"))
  var format = Formats(formats: ReportFormat.usual)

  @Option(
    name: .customLong("csv-profile"),
    help: ArgumentHelp(
      "The CSV's dialect: rfc4180, excel, excel-semicolon (for locales with decimal commas) or tsv.", valueName: "name")
  )
  var csvProfile = CSVProfile.rfc4180

  var reports: ReportFolder { ReportFolder(path: output, formats: format.formats, csvProfile: csvProfile) }

  /// Where commands other than `run` find the database unless told.
  static let commonDatabase = "inventory/inventory.db"

  /// Where `run` keeps the database.
  var databasePath: String { database ?? reports.path + "/inventory.db" }

  func validate() throws {
    guard !output.isEmpty, database?.isEmpty != true else { throw ValidationError("A path is empty.") }
    guard output != "-" else { throw ValidationError("--output is a folder; - is none.") }
  }

  struct Formats: ExpressibleByArgument {
    let formats: [ReportFormat]

    init(formats: [ReportFormat]) {
      self.formats = formats
    }

    init?(argument: String) {
      let names = argument.split(separator: ",", omittingEmptySubsequences: false)
      let formats = names.compactMap { ReportFormat(rawValue: String($0)) }
      guard formats.count == names.count else { return nil }
      self.formats = formats
    }

    var defaultValueDescription: String { formats.map(\.rawValue).joined(separator: ",") }
  }
}

extension CSVProfile: ExpressibleByArgument {}
