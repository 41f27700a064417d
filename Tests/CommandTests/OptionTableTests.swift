import Foundation
import TestSupport
import Testing

@testable import jelou_inventory

extension TheDatabase {
  /// Options are declared once, for the parser; whatever else there is about them is derived, or checked here.
  @Suite("The options")
  struct OptionTableTests {
    private static var commands: [(name: String, type: any ConfigurableCommand.Type)] {
      [
        ("run", RunCommand.self), ("plan", PlanCommand.self), ("report", ReportCommand.self),
        ("changes", ChangesCommand.self), ("runs", RunsCommand.self), ("query", QueryCommand.self),
        ("merge", MergeCommand.self),
      ]
    }

    private static var configurable: [String] { ConfigurableOption.all.map(\.name) }

    private static func help(_ command: String) async throws -> String {
      try await Program().run([command, "--help"]).output
    }

    /// The options that a command's `--help` has, without the dashes.
    private static func options(inHelp help: String) -> [String] {
      help.split(separator: "\n").filter { $0.hasPrefix("  -") }.compactMap { line in
        line.firstMatch(of: #/^  (?:-[a-z], )?--([a-z-]+)/#).map { String($0.output.1) }
      }
    }

    /// Something that the option can be.
    private static func value(of option: ConfigurableOption) -> String {
      let others = ["allow-host": "example.com", "fail-on": "changed"]
      return option.isFlag ? "true" : option.defaultValue ?? others[option.name] ?? "1"
    }

    @Test("of run, but for those about the configuration itself, may all be set elsewhere, in the order of --help")
    func run() async throws {
      let help = Self.options(inHelp: try await Self.help("run"))
      #expect(Self.configurable == help.filter { !["config", "print-config", "version", "help"].contains($0) })
      #expect(
        Set(Self.configurable.map { "--" + $0 })
          == Set(ContractTests.options).subtracting(["--config", "--print-config"]))
    }

    @Test("have the letter, the value and the default that --help has")
    func help() async throws {
      let help = try await Self.help("run").components(separatedBy: "ARGUMENTS:")[1]
        .split(whereSeparator: \.isWhitespace).joined(separator: " ")
      for option in ConfigurableOption.all {
        let letter = option.letter.map { "-\($0), " } ?? ""
        let description = try #require(
          help.components(separatedBy: " \(letter)--\(option.name) ").dropFirst().first, "\(option.name)"
        ).components(separatedBy: " --")[0]
        #expect(description.hasPrefix("<") == !option.isFlag, "\(option.name)")
        if !option.isFlag, let value = option.defaultValue {
          #expect(description.contains("default: \(value))"), "\(option.name)")
        }
      }
    }

    @Test("of the other commands that may be set elsewhere are those that they have in common with run")
    func commands() async throws {
      let database = ["output", "database"]
      let page = ["language", "html-rows", "templates"]
      let reports = database + ["format", "csv-profile"] + page
      let audit = ["allow-host", "stale-after", "max-gone", "fail-on"]
      let terminal = ["progress", "quiet", "verbose", "log-format"]
      let expected = [
        "run": Self.configurable, "plan": Self.configurable, "report": reports + terminal,
        "changes": database + terminal, "runs": page + database + terminal, "query": database + terminal,
        "merge": reports + audit + terminal,
      ]
      for (name, type) in Self.commands {
        let groups = type.configurableGroups.map { ObjectIdentifier($0) }
        let own = ConfigurableOption.all.filter { groups.contains(ObjectIdentifier($0.group)) }.map(\.name)
        #expect(own.sorted() == expected[name]?.sorted(), "\(name)")
        let help = Self.options(inHelp: try await Self.help(name))
        #expect(Set(own).isSubset(of: help), "\(name)")
        // How data is printed is another thing than which reports are written.
        #expect(Set(help).intersection(Self.configurable).subtracting(own).subtracting(["format"]).isEmpty, "\(name)")
        #expect(help.contains("config"), "\(name)")
      }
    }

    @Test("are set by a file, above it by a variable, above that by the command line, and --print-config says by which")
    func sources() throws {
      let folder = try TemporaryFolder()
      for option in ConfigurableOption.all {
        let (name, value) = (option.name, Self.value(of: option))
        let file = try ConfigurationFile(path: folder.write("# 1\n\(name): '\(value)'\n", to: "\(name).yaml"))
        let arguments = [option.isFlag ? "--\(name)" : "--\(name)=\(value)"]
        var sources: [Setting.Source] = []
        let variable = [option.variable: value]
        let cases: [([String], [String: String])] = [([], [:]), ([], variable), (arguments, variable)]
        for (arguments, environment) in cases {
          let settings = try Settings(given: GivenOptions(arguments), environment: environment, file: file)
          let setting = try #require(settings.all.first { $0.option.name == name })
          #expect(setting.values == [value], "\(name)")
          #expect(option.group.problem(with: try setting.arguments()) == nil, "\(name)")
          let shown = SettingsText(settings: settings).lines.filter { $0.hasPrefix("\(name): ") }
          #expect(shown.count == 1 && shown[0].hasSuffix(" # \(setting.source.description)"), "\(name): \(shown)")
          sources.append(setting.source)
        }
        #expect(
          sources == [.file(path: folder.path("\(name).yaml"), line: 2), .variable(option.variable), .commandLine],
          "\(name)")
        if let letter = option.letter {
          #expect(
            GivenOptions(option.isFlag ? ["-\(letter)"] : ["-\(letter)", value]).values[name] == [value], "\(name)")
        }
      }
    }

    @Test("are all in --print-config, in the same order, with their defaults")
    func printedSettings() async throws {
      let lines = try await Program().run(["run", "--print-config"]).output.split(separator: "\n")
      let names = lines.map { $0.drop { "# ".contains($0) }.prefix { $0 != ":" } }
      #expect(names.prefix(Self.configurable.count).map(String.init) == Self.configurable)
      for (line, option) in zip(lines, ConfigurableOption.all) {
        #expect(line.hasSuffix(" # default") == (option.defaultValue != nil), "\(line)")
        if let value = option.defaultValue { #expect(line.contains(value), "\(line)") }
      }
    }

    @Test("are in the guide, with their letters and defaults")
    func guide() throws {
      let rows = try Guide.named("Options").section("run").tables.filter { $0.header[0] == "option" }.flatMap(\.rows)
      for option in ConfigurableOption.all {
        let name = "`" + (option.letter.map { "-\($0), " } ?? "") + "--\(option.name)`"
        let row = try #require(rows.first { $0[0] == name }, "\(option.name)")
        #expect(row[1].isEmpty == option.isFlag, "\(option.name)")
        if option.isFlag {
          #expect(row[2].isEmpty, "\(option.name)")
        } else if let value = option.defaultValue {
          #expect(row[2] == "`\(value)`", "\(option.name)")
        }
      }
    }

    @Test("are the same in --help, in the completions and in what the man pages are made of")
    func generated() async throws {
      let program = try Program()
      let dump = try JSONSerialization.jsonObject(
        with: Data(try await program.run(["--experimental-dump-help"]).output.utf8))
      let root = try #require((dump as? [String: Any])?["command"] as? [String: Any])
      let fish = try await program.run(["--generate-completion-script", "fish"]).output.split(separator: "\n")
      for command in try #require(root["subcommands"] as? [[String: Any]]) {
        let name = try #require(command["commandName"] as? String)
        guard name != "help" else { continue }
        let described = (command["arguments"] as? [[String: Any]] ?? []).compactMap { argument in
          (argument["names"] as? [[String: String]])?.first { $0["kind"] == "long" }?["name"]
        }
        let help = Self.options(inHelp: try await Self.help(name))
        #expect(described.sorted() == help.sorted(), "\(name)")
        for option in help where !["help", "version"].contains(option) {
          #expect(
            fish.contains { $0.contains("\"jelou-inventory \(name)\"") && $0.contains(" -l '\(option)'") },
            "\(name) \(option)")
        }
      }
    }

    @Test("that conflict know of each other, and every note is about an option of its group")
    func notes() {
      for group in RunCommand.configurableGroups {
        for note in group.notes {
          let option = ConfigurableOption.all.first { $0.name == note.name }
          #expect(option.map { ObjectIdentifier($0.group) } == ObjectIdentifier(group), "\(note.name)")
          for other in note.conflictingOptions {
            let conflicts = ConfigurableOption.all.first { $0.name == other }?.note.conflictingOptions
            #expect(conflicts?.contains(note.name) == true, "\(note.name), \(other)")
          }
        }
      }
    }

    @Test("have a default that built-in questions have, too")
    func questions() async throws {
      let question = try await Program().run(["query", "--print", "stale-by-team"]).output
      let days = try #require(ConfigurableOption.all.first { $0.name == "stale-after" }?.defaultValue)
      #expect(question.contains(":days = \(days): "))
    }
  }
}
