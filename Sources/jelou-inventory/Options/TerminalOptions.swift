import ArgumentParser

/// What is printed while a command runs.
struct TerminalOptions: ConfigurableOptions {
  static let notes = [
    OptionNote(name: "quiet", conflictingOptions: ["verbose"]),
    OptionNote(name: "verbose", conflictingOptions: ["quiet"]),
  ]

  enum Progress: String, NamedValue {
    case auto, bar, plain, none
  }

  @Option(
    help: ArgumentHelp(
      "Progress display: \(Progress.names). auto is a bar on a terminal and plain lines elsewhere.", valueName: "style")
  )
  var progress = Progress.auto

  @Flag(name: .shortAndLong, help: "Print only errors: no progress, no warnings, no summary.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Log every project and every retry.")
  var verbose = false

  @Option(
    name: .customLong("log-format"),
    help: ArgumentHelp("Format of the messages on standard error: \(LogFormat.names).", valueName: "format"))
  var logFormat = LogFormat.text

  func validate() throws {
    guard !quiet || !verbose else { throw ValidationError("--quiet and --verbose can't be combined; use one of them.") }
  }
}

extension LogFormat: NamedValue {}
