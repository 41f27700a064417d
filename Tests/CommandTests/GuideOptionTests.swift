import TestSupport
import Testing

extension TheDatabase {
  @Suite("The commands in the guides")
  struct GuideOptionTests {
    private static var pages: [Guide] { get throws { try [.readme] + Guide.all() } }

    @Test("have only options that their commands have")
    func options() throws {
      let known = try Self.known
      var count = 0
      for page in try Self.pages {
        for arguments in page.codeBlocks(in: "sh").flatMap({ Self.commandLines(in: $0) }) {
          count += 1
          let command = known.keys.contains(arguments.first ?? "") ? arguments[0] : "run"
          let given = arguments.filter { $0.hasPrefix("-") && $0 != "-" }.map { String($0.prefix { $0 != "=" }) }
          let unknown = given.filter { known[command]?.contains($0) != true }
          #expect(unknown.isEmpty, "\(page): \(arguments.joined(separator: " "))")
        }
      }
      #expect(count > 80)
    }

    /// The options of each command, by all their names, as the guide has them, which ``OptionsGuideTests`` compares with
    /// the program.
    private static var known: [String: Set<String>] {
      get throws {
        let guide = try Guide.named("Options")
        return try guide.headings.filter { $0.level == 2 }.reduce(into: [:]) { known, command in
          let tables = try guide.section(command.text).tables.filter { $0.header[0] == "option" }
          let names = try tables.flatMap { table in
            try table.codes("option").flatMap { $0.split(separator: ", ").map(String.init) }
          }
          known[command.text] = Set(names + ["--help", "--version"])
        }
      }
    }

    /// The arguments of each call of the program in a shell script.
    private static func commandLines(in script: String) -> [[String]] {
      let text = script.replacing("\\\n", with: " ")
        .replacing(/\$\([^()]*\)/, with: "x").replacing(/\$\{?\w+\}?/, with: "1").replacing("\"$@\"", with: "")
      return text.split(separator: "\n").flatMap { line in
        line.ranges(of: #/(?:^|[\s'/])jelou-inventory /#).map { range in
          let isQuoted = line[..<range.upperBound].count { $0 == "'" } % 2 == 1
          return words(in: line[range.upperBound...].prefix { !isQuoted || $0 != "'" })
        }
      }
    }

    /// Up to the end of the command.
    private static func words(in text: Substring) -> [String] {
      var words: [String] = []
      var word: String?
      var quote: Character?
      for character in text + " " {
        if character == quote {
          quote = nil
        } else if quote != nil {
          word?.append(character)
        } else if character == "'" || character == "\"" {
          quote = character
          word = word ?? ""
        } else if " |;&<>)#".contains(character) {
          // The number of a redirected stream is no argument.
          if let word, character != ">" || Int(word) == nil { words.append(word) }
          word = nil
          if character != " " { break }
        } else {
          word = (word ?? "") + String(character)
        }
      }
      return words
    }
  }
}
