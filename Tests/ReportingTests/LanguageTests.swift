import Foundation
import InventoryModel
import Testing

@testable import Reporting

@Suite("The languages of the reports")
struct LanguageTests {
  static let codes = ["en", "es", "pt"]

  private static func language(_ code: String) throws -> Language {
    try #require(try HTMLTemplates().language(code))
  }

  // MARK: - The built-in files

  @Test("have the same keys, the forms of their language, and the same placeholders in every form", arguments: codes)
  func words(code: String) throws {
    let english = try Self.language("en")
    let text = try #require(HTMLTemplates.builtIn["languages/\(code).txt"])
    let file = try LanguageFile(text, path: code)
    #expect(file.words.keys.sorted() == english.words.keys.sorted())
    #expect(file.rules.forms.map(\.rawValue) == (code == "en" ? ["one", "other"] : ["one", "many", "other"]))
    for (key, word) in file.words where key != "date" {
      let reference = try #require(english.words[key])
      #expect(word.placeholders.sorted() == reference.placeholders.sorted(), "\(code): \(key)")
      guard case .counted(let forms, _) = word else { continue }
      #expect(reference.dependsOnNumber, "\(code): \(key)")
      #expect(Set(forms.keys) == Set(file.rules.forms), "\(code): \(key)")
      for text in forms.values {
        #expect(Word.placeholders(of: text).sorted() == reference.placeholders.sorted(), "\(code): \(key)")
      }
    }
    for (key, word) in english.words where word.dependsOnNumber { #expect(word.placeholders.contains("n"), "\(key)") }
  }

  @Test("have no word that nothing shows")
  func unused() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    var sources = ""
    for folder in ["Sources/Reporting", "templates"] {
      let paths = try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path())
      for path in paths where path.hasSuffix(".swift") || path.hasSuffix(".mustache") {
        sources += try String(contentsOf: root.appending(path: folder).appending(path: path), encoding: .utf8)
      }
    }
    // Words whose key ends with a value.
    let prefixes = [
      "age_", "change_", "change_about_", "fact_", "outcome_", "rule_", "severity_", "sheet_name_", "state_",
    ]
    for key in try Self.language("en").words.keys where !prefixes.contains(where: key.hasPrefix) {
      #expect(sources.contains("\"\(key)\"") || sources.contains("words.\(key)}}"), "\(key)")
    }
  }

  // MARK: - Sentences with numbers

  /// Every text with a number, for the numbers whose forms differ.
  private static func sentences(_ code: String) throws -> String {
    let language = try language(code)
    var lines = ["# Every sentence with a number, as the reports show it. UPDATE_GOLDEN=1 writes this file."]
    let sheet = language.word("sheet_name_changes")
    for (key, word) in language.words.sorted(by: { $0.key < $1.key }) where word.placeholders.contains("n") {
      guard key != "percent" else { continue }
      lines += ["", key]
      for count in [0, 1, 2, 1000, 1_000_000] {
        let number = language.number(count)
        lines.append(
          "  "
            + language.word(
              key, count: count, ["answered": number, "shown": number, "matching": number, "sheet": sheet]))
      }
    }
    let sentences = ReportSentences(language: language)
    lines += ["", "headline"]
    for (found, notFound, open) in [(0, 0, 0), (1, 0, 0), (0, 1, 1), (1, 1, 0), (2, 0, 1), (1000, 200, 34)] {
      var outcomes = OutcomeCounts()
      (outcomes[.found], outcomes[.notFound], outcomes[.failed]) = (found, notFound, open)
      lines.append("  " + sentences.headline(outcomes))
    }
    lines += ["", "held_gone"]
    for (gone, had) in [(1, 1), (1, 2), (2, 2), (12, 20), (1000, 1_000_000)] {
      lines.append("  " + sentences.reason(.gone(projects: gone, of: had, limit: .standard)))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  @Test("read right for no, one and many", arguments: codes)
  func sentences(code: String) throws {
    let golden = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/sentences-\(code).txt")
    let written = try Self.sentences(code)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try written.write(to: golden, atomically: true, encoding: .utf8)
    }
    #expect(written == (try String(contentsOf: golden, encoding: .utf8)), "See Tests/ReportingTests/Golden")
  }

  /// The placeholders that stand for numbers, besides `n`.
  private static let numbers = ["answered", "matching", "projects", "shown"]

  @Test("have no other text in which a number stands before a word", arguments: codes)
  func uncounted(code: String) throws {
    let language = try Self.language(code)
    for (key, word) in language.words {
      guard case .single(let text) = word, !word.placeholders.contains("n") else { continue }
      for match in text.matches(of: /\{(\w+)\} ?\p{L}/) {
        #expect(!Self.numbers.contains(String(match.output.1)), "\(code): \(key) = \(text)")
      }
    }
  }

  // MARK: - Plural rules

  @Test(
    "follow the CLDR for the built-in languages",
    arguments: [
      ("en", [1], []), ("es", [1], [1_000_000, 25_000_000]), ("pt", [0, 1], [1_000_000, 25_000_000]),
    ] as [(String, [Int], [Int])])
  func builtInRules(code: String, one: [Int], many: [Int]) throws {
    let rules = try LanguageFile(try #require(HTMLTemplates.builtIn["languages/\(code).txt"]), path: code).rules
    for number in [0, 1, 2, 3, 10, 11, 21, 100, 1000, 999_999, 1_000_000, 1_000_001, 25_000_000] {
      let form: PluralForm = one.contains(number) ? .one : many.contains(number) ? .many : .other
      #expect(rules.form(number) == form, "\(code): \(number)")
    }
  }

  @Test(
    "are those of the CLDR, as it writes them",
    arguments: [
      // Polish
      (
        [
          (.one, "i = 1 and v = 0"), (.few, "v = 0 and i % 10 = 2..4 and i % 100 != 12..14"),
          (.many, "v = 0 and i != 1 and i % 10 = 0..1 or v = 0 and i % 10 = 5..9 or v = 0 and i % 100 = 12..14"),
        ],
        [0: .many, 1: .one, 2: .few, 4: .few, 5: .many, 11: .many, 12: .many, 21: .many, 22: .few, 112: .many]
      ),
      // Arabic
      (
        [
          (.zero, "n = 0"), (.one, "n = 1"), (.two, "n = 2"), (.few, "n % 100 = 3..10"), (.many, "n % 100 = 11..99"),
        ],
        [0: .zero, 1: .one, 2: .two, 3: .few, 10: .few, 11: .many, 99: .many, 100: .other, 103: .few]
      ),
      // Breton
      (
        [(.one, "n % 10 = 1 and n % 100 != 11,71,91"), (.many, "n != 0 and n % 1000000 = 0")],
        [0: .other, 1: .one, 11: .other, 21: .one, 71: .other, 1_000_000: .many]
      ),
    ] as [([(PluralForm, String)], [Int: PluralForm])])
  func rules(conditions: [(PluralForm, String)], expected: [Int: PluralForm]) {
    var rules = PluralRules()
    for (form, text) in conditions {
      let isCondition = rules.add(form, text)
      #expect(isCondition, "\(text)")
    }
    for (number, form) in expected { #expect(rules.form(number) == form, "\(number)") }
  }

  @Test(
    "refuse what is no condition",
    arguments: [
      "", "1", "n", "n =", "n = x", "n = 1 and", "n = 1 or", "n % 0 = 1", "n = 3..1", "n = 1,", "n = 1 n = 2",
    ])
  func noCondition(text: String) {
    var rules = PluralRules()
    let isCondition = rules.add(.one, text)
    #expect(!isCondition)
  }

  // MARK: - Files of users

  private static let polish = """
    plural.one = i = 1 and v = 0
    plural.few = v = 0 and i % 10 = 2..4 and i % 100 != 12..14
    plural.many = v = 0 and i != 1 and i % 10 = 0..1 or v = 0 and i % 10 = 5..9 or v = 0 and i % 100 = 12..14
    rows.one = {n} wiersz
    rows.few = {n} wiersze
    rows.many = {n} wierszy
    rows.other = {n} wiersza
    line = Wiersz

    """

  @Test("of a user's own can have further plural forms; words that they lack are English with its forms")
  func own() throws {
    let english = try Self.language("en")
    let polish = try Language(code: "pl", text: Self.polish, file: "pl.txt", base: english)
    #expect(
      [1, 2, 5, 22].map { polish.word("rows", count: $0) } == ["1 wiersz", "2 wiersze", "5 wierszy", "22 wiersze"])
    #expect(polish.word("line") == "Wiersz")
    #expect([1, 2].map { polish.word("other_hosts", count: $0) } == ["1 other host", "2 other hosts"])
    let japanese = try Language(code: "ja", text: "rows = {n} 行", file: "ja.txt", base: english)
    #expect([0, 1, 1000].map { japanese.word("rows", count: $0) } == ["0 行", "1 行", "1,000 行"])
    let german = try Language(
      code: "de", text: "rows.one = {n} Zeile\r\nrows.other = {n} Zeilen\r\nnumber_group =\r\n", file: "de.txt",
      base: english)
    #expect([0, 1, 1000].map { german.word("rows", count: $0) } == ["0 Zeilen", "1 Zeile", "1000 Zeilen"])
  }

  @Test(
    "of a user's own are refused with file, line, key and what is missing",
    arguments: [
      ("# X\nrows.one = {n} Zeile", "2: rows.other is missing; a text with a number needs the forms one, other"),
      (
        "plural.one = n = 1\nplural.few = n = 2..4\nrows.one = {n} a\nrows.other = {n} c",
        "3: rows.few is missing; a text with a number needs the forms one, few, other"
      ),
      ("rows.one = Zeile\nrows.other = {n} Zeilen", "1: rows.one lacks the placeholder {n}"),
      ("rows.one = {n} Zeile\nrows.other = {x} Zeilen", "2: rows.other lacks the placeholder {n}"),
      ("rows = Zeilen", "1: rows lacks the placeholder {n}"),
      ("run_line = Lauf {run}, {date}", "1: run_line lacks the placeholder {list}"),
      ("line = Zeile {n}", "1: line has an unknown placeholder {n}"),
      ("rows.one = {n} {m}\nrows.other = {n}", "1: rows.one has an unknown placeholder {m}"),
      ("rows.one = {n}\nrows.few = {n}\nrows.other = {n}", "2: rows.few is never used; add a line plural.few = RULE"),
      ("rows = {n}\nrows.one = {n}\nrows.other = {n}", "1: rows is defined both with and without plural forms"),
      ("line.one = Zeile\nline.other = Zeilen", "1: line has no plural forms; write line = TEXT"),
      ("linie = Linie", "1: unknown key linie"), ("linie.one = Linie", "1: unknown key linie"),
      ("line = a\n\nline = b", "3: line is already defined on line 1"),
      ("line", "1: expected KEY = TEXT, or a comment that begins with #"),
      ("plural.one = 1", "1: the rule plural.one is not a condition such as "),
      ("plural.dual = n = 2", "1: plural.dual is not a plural form that can have a rule"),
      ("plural.other = n = 2", "1: plural.other is not a plural form that can have a rule"),
      ("plural.one = n = 1\nplural.one = n = 2", "2: there are two rules plural.one"),
      ("date = {dd}.{MM}.", "1: date lacks the placeholder {yyyy}"),
      ("date = {dd} {yyyy}", "1: date lacks the placeholder {MM} or {mon}"),
      ("date = {yyyy}-{MM}-{day}", "1: date has an unknown placeholder {day}"),
      ("months = Jan Feb", "1: months has 2 names separated by spaces; 12 are required"),
      ("severity_low = Mittel\nseverity_medium = mittel", "2: severity_low and severity_medium must differ"),
      ("change_new = Gone", "1: change_gone and change_new must differ"),
      ("sheet_name_summary = A/B", "1: sheet_name_summary is not a name that Excel allows for a sheet"),
      ("sheet_name_summary = 12345678901234567890123456", "1: sheet_name_summary is not a name"),
      ("sheet_name_summary = History", "1: sheet_name_summary is not a name"),
      ("sheet_name_summary =", "1: sheet_name_summary is not a name"),
      ("sheet_name_summary = changes", "1: sheet_name_changes and sheet_name_summary must differ"),
    ])
  func mistakes(text: String, message: String) throws {
    let english = try Self.language("en")
    let error = #expect(throws: TemplateError.self) {
      try Language(code: "xx", text: text, file: "languages/xx.txt", base: english)
    }
    #expect(error?.description.hasPrefix("languages/xx.txt:" + message) == true, "\(error?.description ?? "")")
  }
}
