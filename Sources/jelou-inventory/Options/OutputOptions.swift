import ArgumentParser
import Files
import InventoryModel
import Reporting

/// Where the reports go, and which.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where the reports go; made if missing. - is standard output, for one report alone.",
      valueName: "dir"),
    completion: .directory)
  var output = DatabaseLocation.standardFolder

  @Option(
    help: ArgumentHelp(
      "The database; kept across runs, it is the history. (default: DIR/inventory.db)", valueName: "file"),
    completion: .file())
  var database: String?

  @Option(help: ArgumentHelp("Which reports: csv, jsonl, html, xlsx, separated by commas.", valueName: "names"))
  var format = Formats(formats: ReportFormat.usual)

  @Option(
    name: .customLong("csv-profile"),
    help: ArgumentHelp(
      "The CSV's dialect: rfc4180, excel, excel-semicolon (for locales with decimal commas) or tsv.", valueName: "name")
  )
  var csvProfile = CSVProfile.rfc4180

  @Option(
    help: ArgumentHelp("The page's language: en, es, pt, or one that your templates have.", valueName: "code"))
  var language = "en"

  @Option(
    name: .customLong("html-rows"),
    help: ArgumentHelp("Rows that the page's table holds at most; its summary counts all.", valueName: "n"))
  var htmlRows = HTMLOptions.defaultRowLimit

  @Option(
    help: ArgumentHelp("A folder whose templates take the place of the page's own of the same name.", valueName: "dir"),
    completion: .directory)
  var templates: String?

  /// - Throws: ``JobFailure`` and `TemplateError`.
  func reports() throws -> ReportDestination {
    let options = try Self.html(templates: templates, language: language, rowLimit: htmlRows)
    guard goesToStandardOutput else {
      return .folder(
        ReportFolder(path: output, formats: format.formats, csvProfile: csvProfile, html: options))
    }
    guard let one = format.formats.first, Set(format.formats).count == 1 else {
      throw JobFailure(.usage, "--output - takes one report; choose it with --format, e.g. --format jsonl")
    }
    return .standardOutput(SingleReport(format: one, csvProfile: csvProfile, html: options))
  }

  /// - Parameters:
  ///   - templates: a folder; nil for the built-in ones.
  ///   - language: its code.
  /// - Throws: ``JobFailure`` and `TemplateError`.
  static func html(templates: String?, language: String, rowLimit: Int) throws -> HTMLOptions {
    if let templates, FileStatus(path: templates)?.isDirectory != true {
      throw JobFailure(.missingInput, "\(templates): there is no such folder of templates")
    }
    let html = try HTMLTemplates(folder: templates)
    guard let known = html.language(language) else {
      let codes = html.languageCodes.joined(separator: ", ")
      throw JobFailure(.usage, "There is no language \(language.visible); there are \(codes).")
    }
    return HTMLOptions(templates: html, language: known, rowLimit: rowLimit)
  }

  var goesToStandardOutput: Bool { output == "-" }

  var databaseLocation: DatabaseLocation { DatabaseLocation(database: database, output: output) }

  /// Where `run` keeps the database; nil for a temporary one.
  var databasePath: String? { databaseLocation.kept }

  func validate() throws {
    guard !output.isEmpty, database?.isEmpty != true else { throw ValidationError("A path is empty.") }
    guard htmlRows >= 1 else { throw ValidationError("--html-rows is at least 1.") }
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
