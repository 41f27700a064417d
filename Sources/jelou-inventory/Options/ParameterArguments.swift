import ArgumentParser

/// The name and value of a parameter of `query`, which are two arguments on the command line: `-p name value`.
struct ParameterArgument: ExplainedValue, Hashable {
  static let syntax = "a name and a value, for example -p days 90"

  let name: String
  let value: String

  /// - Parameter argument: `name=value`. The name may start with `:`, `@` or `$`, as in the SQL statement.
  init?(argument: String) {
    // Split by Unicode scalar: an equals sign followed by a combining mark is a single Character.
    let parts = argument.unicodeScalars.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts[0].drop { ":@$".unicodeScalars.contains($0) }
    guard parts.count == 2, !name.isEmpty else { return nil }
    self.name = String(name)
    value = String(parts[1])
  }
}

/// Rewrites the arguments of `query` for the argument parser.
///
/// The parser supports one value per option, and reads every argument that starts with hyphens as an option.
enum ParameterArguments {
  /// For `query`, joins `-p name value` into `-p name=value`, and adds a space before SQL that starts with a comment.
  /// Returns the arguments of other commands unchanged.
  static func joined(_ arguments: [String]) -> [String] {
    guard arguments.first == QueryCommand.configuration.commandName else { return arguments }
    var rest = arguments[...]
    var joined: [String] = []
    while let argument = rest.popFirst() {
      if argument == "--" { return joined + [argument] + rest }
      let isComment = argument.hasPrefix("--") && argument.dropFirst(2).first?.isWhitespace == true
      joined.append(isComment ? " " + argument : argument)
      guard argument == "-p", let name = rest.first, !name.utf8.contains(UInt8(ascii: "=")), rest.count > 1 else {
        continue
      }
      joined.append(name + "=" + rest[rest.startIndex + 1])
      rest = rest.dropFirst(2)
    }
    return joined
  }
}
