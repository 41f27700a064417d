import ArgumentParser

/// Where options are set that the command line does not name.
struct ConfigurationOptions: ParsableArguments {
  // Read before the command line is parsed in full; see ConfiguredCommandLine.
  @Option(
    help: ArgumentHelp(
      "A YAML or JSON file that sets options by their long names, below JELOU_INVENTORY_… variables and the command line.",
      valueName: "file"), completion: .file())
  var config: String?
}

/// A command that takes options from variables and a configuration file, too.
protocol ConfigurableCommand: ParsableCommand {
  var terminal: TerminalOptions { get }
  /// Those that are given without an option, with their names in messages.
  var paths: [GivenText] { get }
}

extension ConfigurableCommand {
  var paths: [GivenText] { [] }
}
