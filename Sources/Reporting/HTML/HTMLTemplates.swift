import Auditing
import Foundation
import InventoryModel
import Mustache
import ReportTemplates

/// The template files of the HTML report: the built-in ones, or those of a folder that replace them.
package struct HTMLTemplates: Sendable {
  /// The built-in files by name. Each language file ends with the titles of the audit rules.
  package static let builtIn: [String: String] = Dictionary(
    uniqueKeysWithValues: EmbeddedTexts.files.map { name, text in
      guard let code = languageCode(ofFile: name) else { return (name, text) }
      return (name, text + titles(inLanguage: code))
    })

  private static func titles(inLanguage code: String) -> String {
    Rule.all.compactMap { rule in
      rule.title(inLanguage: code).map { "rule_\(rule.rule.name) = \($0)\n" }
    }.joined()
  }

  let pageStart: MustacheTemplate
  let row: MustacheTemplate
  let pageEnd: MustacheTemplate
  let library: MustacheLibrary
  let style: String
  let script: String
  private let languages: [String: Language]

  /// Codes of the available languages, in alphabetical order.
  package var languageCodes: [String] { languages.keys.sorted() }

  /// - Parameter folder: The folder whose files replace the built-in files of the same name. Its other `.mustache`
  ///   files are partials. nil for the built-in files only.
  /// - Throws: ``TemplateError``.
  package init(folder: String? = nil) throws(TemplateError) {
    EscapedHTML.register()
    var files = Self.builtIn.mapValues { TemplateFile(text: $0, path: "") }
    for name in files.keys { files[name]?.path = name }
    if let folder { try Self.addFiles(of: folder, to: &files) }
    func text(_ name: String) -> String { files[name]?.text ?? "" }
    let english = "languages/en.txt"
    // The built-in English file is the base, so that no word is missing.
    let base = try Language(code: "en", text: Self.builtIn[english] ?? "", file: english)
    let languages = try Self.languages(files, base: base)
    // The built-in files alone need no check.
    if folder != nil { try TemplateCheck(files: files, words: base.words).check() }
    var templates: [String: MustacheTemplate] = [:]
    for (name, file) in files where name.hasSuffix(Self.ending) {
      templates[String(name.dropLast(Self.ending.count))] = try Self.template(file)
    }
    guard let pageStart = templates["page-start"], let row = templates["row"], let pageEnd = templates["page-end"]
    else {
      throw TemplateError(file: "templates", line: nil, reason: "page-start, row or page-end is missing")
    }
    (self.pageStart, self.row, self.pageEnd) = (pageStart, row, pageEnd)
    library = MustacheLibrary(templates: templates)
    style = text("style.css")
    script = text("script.js")
    self.languages = languages
  }

  static let ending = ".mustache"

  /// Returns the language with this code; nil if there is none.
  package func language(_ code: String) -> Language? { languages[code] }

  private static func template(_ file: TemplateFile) throws(TemplateError) -> MustacheTemplate {
    do {
      return try MustacheTemplate(string: "{{% CONTENT_TYPE:\(EscapedHTML.name)}}" + file.text)
    } catch let error as MustacheTemplate.ParserError {
      throw TemplateError(
        file: file.path, line: error.context.lineNumber, reason: "invalid Mustache: \(words(error.error))")
    } catch {
      throw TemplateError(file: file.path, line: nil, reason: "invalid Mustache: \(words(error))")
    }
  }

  /// Describes an error of the library in words. The library itself provides only identifiers.
  private static func words(_ error: any Error) -> String {
    switch error as? MustacheTemplate.Error {
    case .sectionCloseNameIncorrect: "a section is closed with another name"
    case .unfinishedName: "a tag is not closed"
    case .expectedSectionEnd: "a section is never closed"
    case .invalidSetDelimiter: "a tag that sets delimiters is incomplete"
    case .transformAppliedToInheritanceSection: "a function is applied to an inherited template"
    case .illegalTokenInsideInheritSection, .textInsideInheritSection: "an inherited template contains more than blocks"
    case .invalidConfigVariableSyntax, .unrecognisedConfigVariable: "a template setting is unknown"
    case nil: "it ends within a tag"
    }
  }

  private static let languageFolder = "languages/"

  /// Returns the code of a language file; nil for any other file.
  private static func languageCode(ofFile name: String) -> String? {
    guard name.hasPrefix(languageFolder), name.hasSuffix(".txt") else { return nil }
    return String(name.dropFirst(languageFolder.count).dropLast(4))
  }

  private static func languages(
    _ files: [String: TemplateFile], base: Language
  ) throws(TemplateError) -> [String: Language] {
    var languages: [String: Language] = [:]
    for (name, file) in files {
      guard let code = languageCode(ofFile: name) else { continue }
      languages[code] = try Language(code: code, text: file.text, file: file.path, base: base)
    }
    return languages
  }

  /// Adds the files of the folder that have a purpose, and ignores all others.
  private static func addFiles(of folder: String, to files: inout [String: TemplateFile]) throws(TemplateError) {
    let known = builtIn
    do {
      let contents = try FileManager.default.contentsOfDirectory(atPath: folder)
      let languages = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/languages")) ?? []
      let names = contents.filter { $0.hasSuffix(ending) || known[$0] != nil } + languages.map { languageFolder + $0 }
      for name in names.sorted() {
        let path = folder + "/" + name
        let bytes = try Data(contentsOf: URL(filePath: path))
        guard let text = String(validating: bytes, as: UTF8.self) else {
          throw TemplateError(file: path, line: nil, reason: "the file is not UTF-8; save it as UTF-8")
        }
        files[name] = TemplateFile(text: text, path: path)
      }
      guard !names.isEmpty else {
        throw TemplateError(
          file: folder, line: nil,
          reason: "the folder contains no template; to start from the built-in ones, run report --print-templates DIR")
      }
    } catch let error as TemplateError {
      throw error
    } catch {
      throw TemplateError(
        file: folder, line: nil, reason: "the templates can't be read: \(error.localizedDescription)")
    }
  }
}

/// The text of a template, and the path that messages show for it.
struct TemplateFile: Sendable {
  var text: String
  var path: String
}
