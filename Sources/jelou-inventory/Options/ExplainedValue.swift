import ArgumentParser
import TextFormats

/// The value of an option, with a description of its syntax for error messages.
protocol ExplainedValue: ExpressibleByArgument {
  /// What to write, as the end of a sentence: `use SYNTAX`.
  static var syntax: String { get }
}

/// The value of an option that is one of a few names.
protocol NamedValue: ExplainedValue, CaseIterable, RawRepresentable where RawValue == String {}

extension NamedValue {
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
  static var syntax: String { "one of \(names)" }
  static var defaultCompletionKind: CompletionKind { .list(allCases.map(\.rawValue)) }
  /// The help of the option names the values, because man pages lack the list that the parser would add.
  static var allValueStrings: [String] { [] }
}

extension Int: ExplainedValue {
  static var syntax: String { "a whole number" }
}

extension Int64: ExplainedValue {
  static var syntax: String { "a whole number" }
}

extension UInt64: ExplainedValue {
  static var syntax: String { "a whole number from 0" }
}

extension Double: ExplainedValue {
  static var syntax: String { "a number" }
}

extension CompletionKind {
  /// Completes one of the names, which may contain characters that are special in a shell.
  static func values(_ names: [String]) -> CompletionKind {
    .custom { _, _, _ in names.map(literal) }
  }

  /// Completes the last of several names that are separated by commas, without repeating an earlier one.
  static func commaSeparated(_ names: [String]) -> CompletionKind {
    .custom { _, _, word in
      let given = word.split(separator: ",", omittingEmptySubsequences: false).dropLast().map(String.init)
      let start = given.map { $0 + "," }.joined()
      return names.filter { name in !given.contains { ExactText($0) == ExactText(name) } }.map { literal(start + $0) }
    }
  }

  /// Completes a name from a list that is expensive to make.
  static func names(_ names: @escaping @Sendable () -> [String]) -> CompletionKind {
    .custom { _, _, _ in names().map(literal) }
  }

  /// zsh reads a colon as the end of the value and the start of its description.
  private static func literal(_ name: String) -> String {
    CompletionShell.requesting == .zsh ? name.replacing(":", with: "\\:") : name
  }
}
