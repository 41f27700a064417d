import ArgumentParser
import Files
import Gateway
import InventoryJobs
import InventoryModel
import TextFormats

/// A command line, completed with the settings from environment variables and the configuration file.
struct ConfiguredCommandLine {
  let arguments: [String]
  let environment: [String: String]

  /// Parses the command and its settings.
  ///
  /// - Returns: the command to run, and its settings; nil for a command without settings.
  /// - Throws: ``UnknownCommand``, ``JobFailure`` when the configuration can't be used, and parse errors.
  func parse() throws -> (command: any ParsableCommand, settings: Settings?) {
    let given = GivenOptions(arguments)
    let first = arguments.first ?? ""
    let isNamed = UnknownCommand.commands.contains(first)
    if !isNamed { try UnknownCommand.check(first) }
    guard !given.asksAboutProgram, first != "help", let type = Self.command(named: isNamed ? first : nil) else {
      return (try JelouInventory.parseAsRoot(arguments), nil)
    }
    let settings = try settings(given)
    var added = try self.arguments(of: settings, for: type)
    if type.readsDatabase { added += try configuredDatabase(given, settings) }
    let own = isNamed ? arguments.dropFirst() : arguments[...]
    let command = try JelouInventory.parseAsRoot([type._commandName] + added + own)
    if !isNamed, let path = (command as? any ConfigurableCommand)?.paths.first { try UnknownCommand.check(path.value) }
    return (command, settings)
  }

  /// The terminal options of the command line alone.
  ///
  /// - Throws: a parse error when the command line is invalid.
  func terminal() throws -> TerminalOptions {
    try (JelouInventory.parseAsRoot(arguments) as? any ConfigurableCommand)?.terminal ?? .parse([])
  }

  /// - Parameter name: nil for the default command.
  private static func command(named name: String?) -> (any ConfigurableCommand.Type)? {
    let configuration = JelouInventory.configuration
    let type =
      name.map { name in configuration.subcommands.first { $0._commandName == name } }
      ?? configuration.defaultSubcommand
    return type as? any ConfigurableCommand.Type
  }

  /// The arguments that environment variables and the configuration file add to the command line.
  private func arguments(of settings: Settings, for command: any ConfigurableCommand.Type) throws -> [String] {
    let groups = command.configurableGroups.map { ObjectIdentifier($0) }
    var added: [String] = []
    for setting in settings.all where setting.source != .commandLine && setting.source != .standard {
      guard groups.contains(ObjectIdentifier(setting.option.group)) else { continue }
      let arguments = try setting.arguments()
      // Report the source of the setting: the user didn't type these arguments.
      if let problem = setting.option.group.problem(with: arguments) {
        let message = MisplacedKeys.suspected(in: setting.values).masked(problem)
        throw JobFailure(.unusableInput, "\(setting.source.description): \(message)")
      }
      added += arguments
    }
    return added
  }

  /// The argument for a database in the output folder that a variable or the configuration file sets.
  ///
  /// The command reads that database even with `--output -` on the command line.
  private func configuredDatabase(_ given: GivenOptions, _ settings: Settings) throws -> [String] {
    guard given.values["output"] == ["-"], settings.values(of: "database").isEmpty,
      let folder = try self.settings(given.without("output")).values(of: "output").first,
      let path = DatabaseLocation(database: nil, output: folder).kept
    else { return [] }
    return ["--database=\(path)"]
  }

  private func settings(_ given: GivenOptions) throws -> Settings {
    try ProcessTexts.checkVariables()
    let fromVariable = environment[ConfigurableOption.fileVariable].flatMap { $0.isEmpty ? nil : $0 }
    let path = given.configurationFile ?? fromVariable
    return try Settings(given: given, environment: environment, file: path.map(ConfigurationFile.init))
  }

  /// A warning for each unknown variable with the program's prefix.
  ///
  /// It is not an error, because other systems create such variables (`JELOU_INVENTORY_PORT`, for a Kubernetes service
  /// of that name).
  var unknownVariables: [String] {
    let prefix = ConfigurableOption.variablePrefix
    let known = (ConfigurableOption.all.map(\.variable) + [ConfigurableOption.fileVariable, JobArray.countVariable])
      .map { String($0.dropFirst(prefix.count)) }
    return environment.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }.sorted()
      .filter { !known.contains($0) }.map { name in
        let nearest = NearestName.nearest(to: name, among: known).map { "; did you mean \(prefix)\($0)?" } ?? ""
        return "there is no option for the variable \(prefix)\(Redaction.repeatable(name).visible)\(nearest)"
      }
  }
}

/// A word that is neither a command nor a list, in the position of one.
struct UnknownCommand: Error {
  let word: String

  /// The names of all commands.
  static var commands: [String] { JelouInventory.configuration.subcommands.map { $0._commandName } }

  /// - Parameter word: the argument in the position of a command or, because `run` is the default command, of a list.
  /// - Throws: ``UnknownCommand`` for a plain word that is not the name of a file. A word that looks like a path is a
  ///   list.
  static func check(_ word: String) throws(UnknownCommand) {
    guard !word.isEmpty, !word.hasPrefix("-"), word != "help", !word.contains("."), !word.contains("/"),
      FileStatus(path: word) == nil
    else { return }
    throw UnknownCommand(word: word)
  }

  var failure: JobFailure {
    let hint = NearestName.hint(for: word, among: Self.commands)
    return JobFailure(
      .usage,
      "\(Redaction.repeatable(word).visible) is neither a command nor a file"
        + (hint.isEmpty ? "; the commands are \(Self.commands.joined(separator: ", "))" : hint))
  }
}
