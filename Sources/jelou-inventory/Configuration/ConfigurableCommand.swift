import ArgumentParser
import InventoryJobs

/// A command whose options can also be set by environment variables and a configuration file.
protocol ConfigurableCommand: AsyncParsableCommand {
  /// Whether the command reads an existing database and never creates one.
  static var readsDatabase: Bool { get }

  var terminal: TerminalOptions { get }
  /// The paths given as positional arguments, with the names that messages use for them.
  var paths: [GivenText] { get }
  /// Whether the command only prints the settings.
  var printsSettings: Bool { get }

  /// - Parameter settings: all settings, including those from environment variables and the configuration file.
  /// - Returns: the exit status of the process.
  /// - Throws: ``JobFailure`` and the errors of the stages; see ``JobFailure/init(_:)``.
  func run(in session: TerminalSession, with settings: Settings) async throws -> ExitStatus
}

extension ConfigurableCommand {
  static var readsDatabase: Bool { false }

  var paths: [GivenText] { [] }
  var printsSettings: Bool { false }
}

/// The configuration file, which sets options that the command line doesn't set.
struct ConfigurationOptions: ParsableArguments {
  // This option is read before the command line is fully parsed; see ConfiguredCommandLine.
  @Option(
    help: ArgumentHelp(
      """
      YAML or JSON file that sets options by their long names. JELOU_INVENTORY_* variables and the command line \
      override it.
      """, valueName: "file"), completion: .file(extensions: ["yaml", "yml", "json"]))
  var config: String?
}
