/// The configurable options of a command line, read before the command line is fully parsed.
struct GivenOptions {
  /// The values by option name; a flag's value is `true`. The last value applies, except that repeatable options have
  /// all.
  private(set) var values: [String: [String]] = [:]
  /// The path of the configuration file; nil when none is given.
  private(set) var configurationFile: String?
  /// Whether the user asks for help, the version or similar, which needs no settings.
  private(set) var asksAboutProgram = false

  init(_ arguments: [String]) {
    var options: [String: ConfigurableOption] = [:]
    for option in ConfigurableOption.all {
      options["--" + option.name] = option
      if let letter = option.letter { options["-\(letter)"] = option }
    }
    var rest = arguments.prefix { $0 != "--" }[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("-"), argument != "-" else { continue }
      // Split by Unicode scalar: an equals sign followed by a combining mark is a single Character.
      let parts = argument.unicodeScalars.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { String($0) }
      // `-qv` is `-q -v`.
      let names = parts[0].hasPrefix("--") ? [parts[0]] : parts[0].dropFirst().map { "-\($0)" }
      for name in names {
        if Self.questions.contains(name) { asksAboutProgram = true }
        if name == "--config" { configurationFile = parts.count == 2 ? parts[1] : rest.popFirst() }
        guard let option = options[name] else { continue }
        if option.isFlag {
          values[option.name] = ["true"]
        } else if let value = parts.count == 2 ? parts[1] : rest.popFirst() {
          values[option.name] = (option.isRepeatable ? values[option.name] ?? [] : []) + [value]
        }
      }
    }
  }

  /// The same command line without one of its options.
  func without(_ option: String) -> GivenOptions {
    var given = self
    given.values[option] = nil
    return given
  }

  private static let questions = [
    "-h", "--help", "--help-hidden", "--version", "--generate-completion-script", "--experimental-dump-help",
    // The completion scripts ask for values so.
    "---completion",
  ]
}
