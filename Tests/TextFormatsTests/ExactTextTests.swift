import Foundation
import Testing
import TextFormats

@Suite("A text that is compared as bytes")
struct ExactTextTests {
  private static let composed = "caf\u{E9}"
  private static let decomposed = "cafe\u{301}"

  @Test(
    "differs from what Unicode calls canonically equivalent",
    arguments: [(composed, decomposed), ("K", "\u{212A}"), (";", "\u{37E}"), ("\u{C5}", "\u{212B}")])
  func equality(one: String, other: String) {
    #expect(one == other, "Swift takes them for equal, or this test proves nothing")
    #expect(ExactText(one) != ExactText(other))
    #expect(!one.isExactly(other))
    #expect(Set([ExactText(one), ExactText(other)]).count == 2)
    #expect(ExactText(one) == ExactText(String(decoding: Array(one.utf8), as: UTF8.self)))
  }

  @Test("sorts by the bytes, as SQLite does")
  func order() {
    let texts = ["\u{E9}", "z", "e\u{301}", "\u{1F600}", "\u{FFFD}", "", "Z"]
    #expect(
      texts.map(ExactText.init(_:)).sorted().map { Array($0.string.utf8) }
        == texts.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
  }

  @Test("as a name stays apart from its other form, and only equal ones get a number")
  func uniqueNames() {
    let names = UniqueNames.of([Self.composed, Self.decomposed, Self.composed, "a", "a", "a_2"])
    let expected = [Self.composed, Self.decomposed, Self.composed + "_2", "a", "a_2", "a_2_2"]
    #expect(names.map(ExactText.init(_:)) == expected.map(ExactText.init(_:)))
  }

  /// Collections of the sources whose keys are Swift's own strings, each with the reason why that is right.
  private static let reviewed: [String: String] = [
    "Gateway/Replies/IntegrationBody.swift": "envelopeFields: names of ours, of ASCII alone",
    "Gateway/Replies/RateLimitFields.swift": "parameters of a header, looked up by names of ours",
    "ProjectList/ColumnLayout.swift": "folded names, compared with names of ours",
    "ProjectList/ProjectIDCheck+Doubt.swift": "words that mean a missing value, of ours",
    "Reporting/Workbook/PackageCheck.swift": "parts of a workbook that we have written",
    "Reporting/HTML/HTMLTemplates.swift": "template files, which Mustache looks up as strings",
    "Reporting/Languages/Language.swift": "keys of words, which are ours",
    "Reporting/Languages/LanguageFile.swift": "keys of words, compared with ours",
    "Reporting/HTML/TemplateCheck.swift": "words and partials of templates",
    "Reporting/HTML/TemplateValues.swift": "names in templates, which Mustache looks up as strings",
    "SandboxGateway/SandboxBehavior.swift": "replies that tests lay down",
    "SandboxGateway/SandboxRateLimit.swift": "headers, named by us",
    "SandboxGateway/SandboxServer.swift": "headers of replies that tests lay down",
    "TextEmbedding/Generator/TextEmbedder.swift": "the text of a declaration",
    "jelou-inventory/Terminal/CauseText.swift": "advice: error codes of ours",
    "jelou-inventory/Terminal/ConsoleLogHandler.swift": "fields of the log, named by us",
    "jelou-inventory/Configuration/ConfigurationFile.swift": "names of options",
    "jelou-inventory/Configuration/GivenOptions.swift": "names of options",
    "InventoryJobs/Running/JobArray.swift": "the environment, looked up by names of ours",
    "jelou-inventory/Options/TimeSpan.swift": "units of ours",
  ]

  @Test("is what every set and dictionary of outside names is keyed by")
  func collections() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(component: "Sources")
    var files: Set<String> = []
    let paths = try FileManager.default.subpathsOfDirectory(atPath: sources.path()).filter { $0.hasSuffix(".swift") }
    #expect(paths.count > 100)
    for path in paths {
      let text = try String(contentsOf: sources.appending(path: path), encoding: .utf8)
      for line in text.split(separator: "\n") where !line.contains("environment: [String: String]") {
        if line.firstMatch(of: #/Set<String>|\[String\??: /#) != nil { files.insert(path) }
      }
    }
    #expect(
      files.sorted() == Self.reviewed.keys.sorted(),
      "Use ExactText where a key comes from outside the program; else list the file here with the reason")
  }
}
