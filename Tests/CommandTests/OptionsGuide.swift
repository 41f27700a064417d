import Foundation

/// The guide to all options, as the program itself describes its commands (`--experimental-dump-help`).
struct OptionsGuide {
  private let commands: [Command]

  init(dump: String) throws {
    let root = try JSONDecoder().decode(Dump.self, from: Data(dump.utf8)).command
    commands = (root.subcommands ?? []).filter { $0.commandName != "help" }
  }

  private struct Dump: Decodable {
    let command: Command
  }

  private struct Command: Decodable {
    let commandName: String
    let abstract: String?
    let arguments: [Argument]?
    let subcommands: [Command]?

    /// What people see, but for what every command has.
    var shown: [Argument] {
      (arguments ?? []).filter { $0.shouldDisplay && !["help", "version"].contains($0.longName) }
    }
  }

  private struct Argument: Decodable {
    enum Kind: String, Decodable { case positional, option, flag }

    struct Name: Decodable {
      let kind: String
      let name: String

      var text: String { (kind == "long" ? "--" : "-") + name }
    }

    let kind: Kind
    let shouldDisplay: Bool
    let isOptional: Bool
    let isRepeating: Bool
    let sectionTitle: String?
    let names: [Name]?
    let valueName: String?
    let defaultValue: String?
    let allValues: [String]?
    let abstract: String?
    let discussion: String?

    var longName: String? { names?.first { $0.kind == "long" }?.name }

    /// The letter first, as in `--help`.
    var name: String {
      (names ?? []).sorted { $0.text.count < $1.text.count }.map(\.text).joined(separator: ", ")
    }

    var placeholder: String { "<\(valueName ?? "value")>" }
  }

  var text: String {
    var lines = [
      "# Options", "", "All options of all commands, with their defaults. `--help` prints the same for one command.",
      "",
      "<!-- Generated from the program. Write it anew with: WRITE_OPTIONS=1 swift test --filter OptionsGuideTests -->",
      "",
      "Every command also has `--help` and `--version`. `run` is the default command, so its name can be omitted.",
      "[Configuration](Configuration.md) describes how to set options in a file or in environment variables.", "",
    ]
    lines += table(
      ["command", "purpose"], commands.map { ["[\($0.commandName)](#\($0.commandName))", $0.abstract ?? ""] })
    for command in commands {
      lines += ["", "## \(command.commandName)", "", command.abstract ?? "", "", "```text", usage(of: command), "```"]
      for (title, arguments) in sections(of: command) {
        lines += ["", "### \(title)", ""]
        lines +=
          arguments.allSatisfy { $0.kind == .positional }
          ? table(["argument", "meaning"], arguments.map { [code($0.placeholder), meaning(of: $0).text] })
          : table(["option", "value", "default", "meaning"], arguments.map(cells))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func usage(of command: Command) -> String {
    let arguments = command.shown.filter { $0.kind == .positional }.map { argument in
      let placeholder = argument.placeholder + (argument.isRepeating ? " ..." : "")
      return argument.isOptional ? "[\(placeholder)]" : placeholder
    }
    return (["jelou-inventory", command.commandName, "[<options>]"] + arguments).joined(separator: " ")
  }

  /// In the order of `--help`: arguments, groups with a title, and what is in no group.
  private func sections(of command: Command) -> [(title: String, arguments: [Argument])] {
    let (arguments, grouped, others) = ("Arguments", command.shown.compactMap(\.sectionTitle), "Other options")
    var titles = [arguments]
    for title in grouped + [others] where !titles.contains(title) { titles.append(title) }
    return titles.compactMap { title in
      let members = command.shown.filter { argument in
        title == argument.sectionTitle ?? (argument.kind == .positional ? arguments : others)
      }
      return members.isEmpty ? nil : (title, members)
    }
  }

  private func cells(_ argument: Argument) -> [String] {
    let (text, writtenDefault) = meaning(of: argument)
    let value =
      argument.kind == .flag
      ? "" : argument.allValues.map { $0.map(code).joined(separator: ", ") } ?? code(argument.placeholder)
    return [code(argument.name), value, argument.defaultValue.map(code) ?? writtenDefault, text]
  }

  /// The help text, and the default that stands in it where the parser knows of none.
  private func meaning(of argument: Argument) -> (text: String, writtenDefault: String) {
    let text = [argument.abstract, argument.discussion].compactMap { $0 }.joined(separator: " ")
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard let match = text.firstMatch(of: /\s*\(default: ([^()]+)\)$/) else { return (prose(text), "") }
    let value = String(match.output.1)
    // `none`, or `the newest`, is no value that could be given.
    return (
      prose(String(text[..<match.range.lowerBound])), value.wholeMatch(of: /[a-z ]+/) == nil ? code(value) : value
    )
  }

  private func prose(_ text: String) -> String {
    text.replacing(/[*<|]/) { "\\\($0.output)" }
      .replacing(/(^|[ (])(--[a-z][a-z-]*[a-z])/) { "\($0.output.1)`\($0.output.2)`" }
  }

  private func code(_ text: String) -> String { "`\(text.replacing("|", with: "\\|"))`" }

  private func table(_ header: [String], _ rows: [[String]]) -> [String] {
    let separator = header.map { _ in "---" }.joined(separator: "|")
    return ["| \(header.joined(separator: " | ")) |", "|\(separator)|"]
      + rows.map { row in "|" + row.map { $0.isEmpty ? " |" : " \($0) |" }.joined() }
  }
}
