import ArgumentParser
import Reporting

/// Which held run is accepted, and how its HTML report is written again.
struct AcceptingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Make a held run an ordinary finished one, compute its changes, and write its reports again: in the folder that \
      --output names, or beside the database where its reports are.
      """, valueName: "n"))
  var accept: Int64?

  @Option(help: ArgumentHelp("With --accept: the HTML report's language.", valueName: "code"))
  var language = "en"

  @Option(
    name: .customLong("html-rows"),
    help: ArgumentHelp("With --accept: rows that the HTML report's table holds at most.", valueName: "n"))
  var htmlRows = HTMLOptions.defaultRowLimit

  @Option(help: ArgumentHelp("With --accept: a folder of templates.", valueName: "dir"), completion: .directory)
  var templates: String?

  /// - Throws: ``JobFailure`` and `TemplateError`.
  var html: HTMLOptions {
    get throws { try OutputOptions.html(templates: templates, language: language, rowLimit: htmlRows) }
  }

  func validate() throws {
    guard htmlRows >= 1 else { throw ValidationError("--html-rows is at least 1.") }
  }
}
