import ArgumentParser
import InventoryJobs

/// A command whose options may also be set by variables and a configuration file.
protocol ConfigurableCommand: AsyncParsableCommand {
  /// Whether it reads a database that exists, and creates none.
  static var readsDatabase: Bool { get }

  var terminal: TerminalOptions { get }
  /// Paths that are given without an option, with their names in messages.
  var paths: [GivenText] { get }
  /// Whether it prints the settings, and does nothing else.
  var printsSettings: Bool { get }

  /// - Parameter settings: with what the variables and the configuration file set.
  /// - Returns: what the process ends with.
  /// - Throws: ``JobFailure`` and the errors of the stages, see ``JobFailure/init(_:)``.
  func run(in session: TerminalSession, with settings: Settings) async throws -> ExitStatus
}

extension ConfigurableCommand {
  static var readsDatabase: Bool { false }

  var paths: [GivenText] { [] }
  var printsSettings: Bool { false }
}

/// Where options are set that the command line does not name.
struct ConfigurationOptions: ParsableArguments {
  // Read before the command line is parsed in full; see ConfiguredCommandLine.
  @Option(
    help: ArgumentHelp(
      """
      A YAML or JSON file that sets options by their long names, below JELOU_INVENTORY_… variables and the command \
      line.
      """,
      valueName: "file"), completion: .file())
  var config: String?
}
