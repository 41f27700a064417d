import ArgumentParser
import FoundationEssentials

/// A group of options that environment variables (`JELOU_INVENTORY_…`) and configuration files can also set.
///
/// Options are declared only there: their names, letters and defaults come from the parser's description of the group.
protocol ConfigurableOptions: ParsableArguments {
  /// Properties of options that the parser doesn't know.
  static var notes: [OptionNote] { get }
}

extension ConfigurableOptions {
  static var notes: [OptionNote] { [] }

  /// The parser's message about invalid arguments; nil when they are valid.
  static func problem(with arguments: [String]) -> String? {
    do {
      _ = try parse(arguments)
      return nil
    } catch {
      return ParserMessage(message(for: error), of: Self.self).text
    }
  }
}

/// Properties of an option that the parser doesn't know.
struct OptionNote: Sendable {
  /// The option's long name, without the dashes.
  let name: String
  /// The default value; nil when the parser's default applies, or there is none.
  var defaultValue: String?
  /// Options that can't be set together with this one. The option whose source has the lower precedence is dropped.
  var conflictingOptions: [String] = []
  /// Whether the value is a comma-separated list, which may also be a list in a configuration file.
  var isCommaSeparated = false
  /// Whether the value is the path of a file with a secret. Users may have entered the secret itself instead.
  var namesSecret = false
}

/// An option that an environment variable or a configuration file can also set, by its long name.
struct ConfigurableOption: Sendable {
  /// The long name, without the dashes.
  let name: String
  /// The short name; nil when there is none.
  let letter: Character?
  /// Whether the option is a flag, which is true or false and has no value.
  let isFlag: Bool
  /// Whether the option can have several values: a list in a configuration file, separated by commas in a variable.
  let isRepeatable: Bool
  /// The default value; nil when there is none.
  let defaultValue: String?
  let note: OptionNote
  /// The group that declares the option.
  let group: any ConfigurableOptions.Type

  /// The name of the environment variable.
  var variable: String { Self.variablePrefix + name.uppercased().replacing("-", with: "_") }

  static let variablePrefix = "JELOU_INVENTORY_"
  /// The variable that names the configuration file.
  static let fileVariable = variablePrefix + "CONFIG"

  /// The options of `run`, in the order of its `--help`. The other commands have some of them.
  static let all = RunCommand.configurableGroups.flatMap(options)

  private static func options(of group: any ConfigurableOptions.Type) -> [ConfigurableOption] {
    DumpedHelp.arguments(of: group).compactMap { argument in
      guard let name = argument.name(.long), name != "help" else { return nil }
      let note = group.notes.first { $0.name == name } ?? OptionNote(name: name)
      let isFlag = argument.kind == "flag"
      return ConfigurableOption(
        name: name, letter: argument.name(.short)?.first, isFlag: isFlag, isRepeatable: argument.isRepeating,
        defaultValue: isFlag ? "false" : note.defaultValue ?? argument.defaultValue, note: note, group: group)
    }
  }
}

/// The required part of the parser's description of options (`--experimental-dump-help`).
private struct DumpedHelp: Decodable {
  struct Command: Decodable {
    let arguments: [Argument]
  }

  struct Argument: Decodable {
    let kind: String
    let isRepeating: Bool
    let names: [Name]?
    let defaultValue: String?

    func name(_ kind: Name.Kind) -> String? { names?.first { $0.kind == kind }?.name }
  }

  struct Name: Decodable {
    enum Kind: String, Decodable {
      case long, short, longWithSingleDash
    }

    let kind: Kind
    let name: String
  }

  let command: Command

  static func arguments(of group: any ParsableArguments.Type) -> [Argument] {
    do {
      return try JSONDecoder().decode(DumpedHelp.self, from: Data(group._dumpHelp().utf8)).command.arguments
    } catch {
      preconditionFailure("swift-argument-parser describes \(group) in an unknown format: \(error)")
    }
  }
}

extension ParsableArguments {
  /// The contained groups of configurable options, in the order of `--help`.
  static var configurableGroups: [any ConfigurableOptions.Type] {
    var groups: [any ConfigurableOptions.Type] = []
    for child in Mirror(reflecting: Self()).children {
      guard let wrapper = child.value as? any OptionGroupProtocol else { continue }
      let options = type(of: wrapper).options
      if let group = options as? any ConfigurableOptions.Type {
        groups.append(group)
      } else {
        groups += options.configurableGroups
      }
    }
    return groups
  }
}

/// Access to the options of any `@OptionGroup`.
protocol OptionGroupProtocol {
  static var options: any ParsableArguments.Type { get }
}

extension OptionGroup: OptionGroupProtocol {
  static var options: any ParsableArguments.Type { Value.self }
}
