import ArgumentParser
import Files
import InventoryJobs
import InventoryModel
import Reporting
import TextFormats

/// How to create the HTML report.
struct PageOptions: ConfigurableOptions {
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
  func html() throws -> HTMLOptions {
    if let templates, FileStatus(path: templates)?.isDirectory != true {
      throw JobFailure(.missingInput, "\(templates): there is no such folder of templates")
    }
    let html = try HTMLTemplates(folder: templates)
    guard let known = html.language(language) else {
      let codes = html.languageCodes.joined(separator: ", ")
      throw JobFailure(.usage, "There is no language \(language.visible); there are \(codes).")
    }
    return HTMLOptions(templates: html, language: known, rowLimit: htmlRows)
  }

  func validate() throws {
    guard htmlRows >= 1 else { throw ValidationError("--html-rows is at least 1.") }
  }
}
