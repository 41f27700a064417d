import ArgumentParser
import FoundationEssentials

/// A group of options that variables (`JELOU_INVENTORY_…`) and configuration files can set, too.
///
/// An option is declared there alone: the parser's description of the group has its name, letter and default.
protocol ConfigurableOptions: ParsableArguments {
  /// Of the options about which the parser doesn't know everything.
  static var notes: [OptionNote] { get }
}

extension ConfigurableOptions {
  static var notes: [OptionNote] { [] }

  /// The parser's message about arguments that can't be used; nil where they can.
  static func problem(with arguments: [String]) -> String? {
    do {
      _ = try parse(arguments)
      return nil
    } catch {
      return message(for: error)
    }
  }
}

/// What the parser doesn't know about an option.
struct OptionNote: Sendable {
  /// The option's long name, without the dashes.
  let name: String
  /// The value where none is set; nil where the parser's default applies, or there is none.
  var defaultValue: String?
  /// Options that can't be set together with this one. The one whose source has the lower precedence is dropped.
  var conflictingOptions: [String] = []
  /// Whether its value is a list separated by commas, which a configuration file may have as a list.
  var isCommaSeparated = false
  /// Whether it names a file with a secret, so that users may have put the secret itself there.
  var namesSecret = false
}

/// An option that may also be set by a variable or in a configuration file, by its long name.
struct ConfigurableOption: Sendable {
  /// Without the dashes.
  let name: String
  /// nil when it has no short form.
  let letter: Character?
  /// Whether it is true or false, and has no value.
  let isFlag: Bool
  /// Whether it may have several values: each by itself in a list of a file, separated by commas in a variable.
  let isRepeatable: Bool
  /// The value where none is set; nil where there is no default.
  let defaultValue: String?
  let note: OptionNote
  /// Where it is declared.
  let group: any ConfigurableOptions.Type

  /// Name of the variable.
  var variable: String { Self.variablePrefix + name.uppercased().replacing("-", with: "_") }

  static let variablePrefix = "JELOU_INVENTORY_"
  /// Names the configuration file itself.
  static let fileVariable = variablePrefix + "CONFIG"

  /// Those of `run`, in the order of its `--help`. The other commands have some of them.
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

/// The parser's description of options (`--experimental-dump-help`), as far as it is needed here.
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
  /// The groups of configurable options in it, in the order of `--help`.
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

/// What an `@OptionGroup` of any options has.
private protocol OptionGroupProtocol {
  static var options: any ParsableArguments.Type { get }
}

extension OptionGroup: OptionGroupProtocol {
  fileprivate static var options: any ParsableArguments.Type { Value.self }
}
