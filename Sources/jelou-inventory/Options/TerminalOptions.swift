import ArgumentParser

/// What is printed while a command runs.
struct TerminalOptions: ConfigurableOptions {
  static let notes = [
    OptionNote(name: "quiet", conflictingOptions: ["verbose"]),
    OptionNote(name: "verbose", conflictingOptions: ["quiet"]),
  ]

  enum Progress: String, CaseIterable, ExpressibleByArgument {
    case auto, bar, plain, none
  }

  @Option(
    help: ArgumentHelp(
      "auto: a bar on a terminal, else a line every few seconds; or bar, plain, none.", valueName: "style"))
  var progress = Progress.auto

  @Flag(name: .shortAndLong, help: "Errors only: no progress, no warnings, no summary.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Tell every project and every retry.")
  var verbose = false

  @Option(name: .customLong("log-format"), help: ArgumentHelp("text or json.", valueName: "format"))
  var logFormat = LogFormat.text

  func validate() throws {
    guard !quiet || !verbose else { throw ValidationError("--quiet and --verbose exclude each other.") }
  }
}

extension LogFormat: ExpressibleByArgument {}
