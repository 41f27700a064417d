import ArgumentParser
import Foundation
import ProjectList
import Reporting
import Testing

@testable import jelou_inventory

extension TheDatabase {
  @Suite("The help")
  struct HelpTests {
    private static let commands = JelouInventory.configuration.subcommands

    private static func name(of command: any ParsableCommand.Type) -> String {
      command.configuration.commandName ?? ""
    }

    /// The help on a terminal of 80 columns.
    private static func help(_ command: any ParsableCommand.Type) -> String {
      JelouInventory.helpMessage(for: command, columns: 80)
    }

    /// The arguments of each example that starts the program.
    private static func examples(in help: String) -> [[String]] {
      let lines = help.components(separatedBy: "Examples:\n").last?.components(separatedBy: "\n\n")[0] ?? ""
      return lines.replacing("\\\n", with: "").split(separator: "\n").compactMap { line in
        guard let start = line.range(of: "jelou-inventory ") else { return nil }
        let call = line[start.upperBound...].components(separatedBy: " | ")[0].components(separatedBy: " > ")[0]
        return call.matches(of: /"([^"]*)"|[^ ]+/).map { String($0.output.1 ?? $0.output.0) }
      }
    }

    @Test("of every command has no line over 80 columns, examples first, exit codes, and the names of guides")
    func form() {
      for command in Self.commands {
        let name = Self.name(of: command)
        let help = Self.help(command)
        for line in help.split(separator: "\n") { #expect(line.count <= 80, "\(name): \(line)") }
        // A man page has less room for lines that can't be wrapped, and loses other than ASCII characters.
        for line in command.configuration.discussion.split(separator: "\n") where line.hasPrefix("  ") {
          #expect(line.count <= 73, "\(name): \(line)")
        }
        #expect(help.utf8.count == help.unicodeScalars.count, "\(name)")
        let parts = help.components(separatedBy: "\n\n")
        #expect(parts[0].hasPrefix("OVERVIEW: "), "\(name)")
        #expect(parts[1].hasPrefix("Examples:\n  jelou-inventory "), "\(name)")
        #expect(parts.contains { $0.hasPrefix("Exit codes:") }, "\(name)")
        #expect(parts.contains { $0.wholeMatch(of: /Guides?: [A-Za-z]+\.md(, [A-Za-z]+\.md)*/) != nil }, "\(name)")
      }
      let root = Self.help(JelouInventory.self)
      for line in root.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
      #expect(root.contains("Sources/jelou-inventory/jelou-inventory.docc. Start with GettingStarted.md."))
    }

    @Test("has only examples that the program accepts")
    func examples() throws {
      for command in Self.commands + [JelouInventory.self] {
        let examples = Self.examples(in: Self.help(command))
        #expect(!examples.isEmpty, "\(command)")
        for arguments in examples {
          #expect(throws: Never.self, "\(arguments)") {
            try JelouInventory.parseAsRoot(ParameterArguments.joined(arguments))
          }
        }
      }
    }

    @Test("names guides that exist", .enabled(if: Self.hasGuides))
    func guides() {
      for command in Self.commands + [JelouInventory.self] {
        for guide in Self.help(command).matches(of: /[A-Z][A-Za-z]+\.md/).map({ String($0.output) }) {
          #expect(FileManager.default.fileExists(atPath: Self.catalog.appending(component: guide).path), "\(guide)")
        }
      }
    }

    private static let catalog = Program.root.appending(path: "Sources/jelou-inventory/jelou-inventory.docc")

    private static var hasGuides: Bool {
      FileManager.default.fileExists(atPath: catalog.appending(component: "GettingStarted.md").path)
    }

    @Test("of an option that has values of its own names them all")
    func values() {
      let help = Self.help(RunCommand.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
      for names in [
        AuditOptions.FailConditions.names.joined(separator: ", "), FormatOptions.Formats.names.joined(separator: ", "),
        TerminalOptions.Progress.names, LogFormat.names, CSVProfile.names, ListReadingOptions.Encoding.names,
      ] {
        #expect(help.contains(": \(names)."), "\(names)")
      }
    }
  }
}
