import ArgumentParser
import Files
import InventoryJobs
import InventoryModel
import Reporting
import TextFormats

/// How to create the HTML report.
struct PageOptions: ConfigurableOptions {
  @Option(
    help: ArgumentHelp(
      "Language of the HTML report and the workbook: en, es, pt, or your own language file.", valueName: "code"),
    completion: .names { (try? HTMLTemplates().languageCodes) ?? [] })
  var language = "en"

  @Option(
    name: .customLong("html-rows"),
    help: ArgumentHelp(
      "Maximum number of rows in the table of the HTML report; its summary counts all rows.", valueName: "n"))
  var htmlRows = HTMLOptions.defaultRowLimit

  @Option(
    help: ArgumentHelp(
      "Folder with HTML templates that replace the built-in ones of the same name.", valueName: "dir"),
    completion: .directory)
  var templates: String?

  /// - Throws: ``JobFailure`` and `TemplateError`.
  func html() throws -> HTMLOptions {
    if let templates, FileStatus(path: templates)?.isDirectory != true {
      throw JobFailure(
        .missingInput, "\(templates.visible): this folder of templates does not exist; check --templates")
    }
    let html = try HTMLTemplates(folder: templates)
    guard let known = html.language(language) else {
      let codes = html.languageCodes.joined(separator: ", ")
      throw JobFailure(.usage, "--language \(language.visible): there is no such language; use one of \(codes)")
    }
    return HTMLOptions(templates: html, language: known, rowLimit: htmlRows)
  }

  func validate() throws {
    guard htmlRows >= 1 else { throw ValidationError("--html-rows is \(htmlRows); use a number from 1.") }
  }
}
