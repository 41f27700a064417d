import ArgumentParser

/// A parameter's name and value, which `query` takes as two words: `-p name value`.
struct ParameterArgument: ExpressibleByArgument, Hashable {
  let name: String
  let value: String

  /// - Parameter argument: `name=value`. The name may have the statement's own `:`, `@` or `$` before it.
  init?(argument: String) {
    // By scalars: an equals sign and a combining mark after it are one Character.
    let parts = argument.unicodeScalars.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts[0].drop { ":@$".unicodeScalars.contains($0) }
    guard parts.count == 2, !name.isEmpty else { return nil }
    self.name = String(name)
    value = String(parts[1])
  }
}

/// Arguments as the parser takes them: its options have one value at most, and what begins with hyphens is one.
enum ParameterArguments {
  /// In the arguments of `query`, makes `-p name=value` of `-p name value`, and puts a space before SQL that begins with a
  /// comment.
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
