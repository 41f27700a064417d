import ArgumentParser
import InventoryJobs
import Reporting

/// Which reports to write, and where.
struct OutputOptions: ParsableArguments {
  @OptionGroup var database: DatabaseOptions
  @OptionGroup var format: FormatOptions
  @OptionGroup var page: PageOptions

  /// - Throws: ``JobFailure`` and `TemplateError`.
  func reports() throws -> ReportDestination {
    let (formats, profile, html) = (format.format.formats, format.csvProfile, try page.html())
    guard database.output == "-" else {
      return .folder(ReportFolder(path: database.output, formats: formats, csvProfile: profile, html: html))
    }
    guard let one = formats.first, Set(formats).count == 1 else {
      throw JobFailure(.usage, "--output - prints a single report; choose one format, for example --format jsonl")
    }
    return .standardOutput(SingleReport(format: one, csvProfile: profile, html: html))
  }
}

/// Which reports to write.
struct FormatOptions: ConfigurableOptions {
  static let notes = [OptionNote(name: "format", isCommaSeparated: true)]

  @Option(
    help: ArgumentHelp(
      "Reports to write, separated by commas: \(Formats.names.joined(separator: ", ")).", valueName: "names"))
  var format = Formats(formats: ReportFormat.usual)

  @Option(
    name: .customLong("csv-profile"),
    help: ArgumentHelp(
      "CSV dialect: \(CSVProfile.names). excel-semicolon is for locales with a decimal comma.", valueName: "name"))
  var csvProfile = CSVProfile.rfc4180

  struct Formats: ExplainedValue {
    static let names = ReportFormat.allCases.map(\.rawValue)
    static let syntax = "one or more of \(names.joined(separator: ", ")), separated by commas"
    static let defaultCompletionKind = CompletionKind.commaSeparated(names)

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

extension CSVProfile: NamedValue {}
