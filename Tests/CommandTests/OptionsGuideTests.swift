import Foundation
import TestSupport
import Testing

extension TheDatabase {
  @Suite("The guide to the options")
  struct OptionsGuideTests {
    private static let path = "\(Guide.catalog)/Options.md"

    private func written() async throws -> String {
      try OptionsGuide(dump: try await Program().run(["--experimental-dump-help"]).output).text
    }

    @Test("is what the program says of itself")
    func guide() async throws {
      let text = try await written()
      let file = Guide.root.appending(path: Self.path)
      if ProcessInfo.processInfo.environment["WRITE_OPTIONS"] != nil {
        try text.write(to: file, atomically: true, encoding: .utf8)
      }
      let differing = zip(
        text.split(separator: "\n", omittingEmptySubsequences: false), try Guide(path: Self.path).lines
      ).first { $0 != $1 }
      #expect(differing == nil, "Write it anew: WRITE_OPTIONS=1 swift test --filter OptionsGuideTests")
      #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    @Test("has the commands and the groups of --help, in the same order")
    func groups() async throws {
      let guide = Guide(path: Self.path, text: try await written())
      let commands = guide.headings.filter { $0.level == 2 }.map(\.text)
      #expect(commands == ["run", "plan", "report", "changes", "runs", "query", "merge", "sandbox"])
      for command in commands {
        let help = try await Program().run([command, "--help"]).output.components(separatedBy: "\nUSAGE: ")[1]
        let titles = help.split(separator: "\n").filter { $0.hasSuffix(":") && !$0.hasPrefix(" ") }
          .map { $0 == "OPTIONS:" ? "OTHER OPTIONS" : $0.dropLast().uppercased() }
        let section = try guide.section(command)
        let groups = section.headings.map { $0.text.uppercased() }
        // Those of every command may be the only ones that are in no group.
        #expect(titles.filter { $0 != "OTHER OPTIONS" || groups.contains($0) } == groups, "\(command)")
        let options = help.split(separator: "\n").compactMap { line in
          line.firstMatch(of: #/^  ((?:-[a-z])?(?:, )?(?:--[a-z-]+)?)(?= |$)/#).map { String($0.output.1) }
        }.filter { !["", "--version", "-h, --help"].contains($0) }
        let documented = try section.tables.filter { $0.header[0] == "option" }.flatMap { try $0.codes("option") }
        #expect(options == documented, "\(command)")
      }
    }
  }
}
