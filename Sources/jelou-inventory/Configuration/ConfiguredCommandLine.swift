import ArgumentParser
import Files
import Gateway
import InventoryJobs
import InventoryModel
import TextFormats

/// A command line, completed by what variables and the configuration file set.
struct ConfiguredCommandLine {
  let arguments: [String]
  let environment: [String: String]

  /// The command to run with what is set for it; without settings for a command that has none.
  ///
  /// - Throws: ``UnknownCommand``, ``JobFailure`` when the configuration can't be used, and what parsing throws.
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

  /// How the command line alone says that messages are printed.
  ///
  /// - Throws: what is wrong with it.
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

  /// What variables and the configuration file add to the command line.
  private func arguments(of settings: Settings, for command: any ConfigurableCommand.Type) throws -> [String] {
    let groups = command.configurableGroups.map { ObjectIdentifier($0) }
    var added: [String] = []
    for setting in settings.all where setting.source != .commandLine && setting.source != .standard {
      guard groups.contains(ObjectIdentifier(setting.option.group)) else { continue }
      let arguments = try setting.arguments()
      // Reported by where it is set, not as if the user had typed it.
      if let problem = setting.option.group.problem(with: arguments) {
        let message = MisplacedKeys.suspected(in: setting.values).masked(problem)
        throw JobFailure(.unusableInput, "\(setting.source.description): \(message)")
      }
      added += arguments
    }
    return added
  }

  /// With `--output -` on the command line, the database that is read is still in the output folder that a variable or the
  /// configuration file sets.
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

  /// A warning for each variable that begins as ours do and sets nothing. Not refused: other systems make such
  /// (`JELOU_INVENTORY_PORT`, for a Kubernetes service of that name).
  var unknownVariables: [String] {
    let prefix = ConfigurableOption.variablePrefix
    let known = (ConfigurableOption.all.map(\.variable) + [ConfigurableOption.fileVariable, JobArray.countVariable])
      .map { String($0.dropFirst(prefix.count)) }
    return environment.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }.sorted()
      .filter { !known.contains($0) }.map { name in
        let nearest = NearestName.nearest(to: name, among: known).map { "; did you mean \(prefix)\($0)?" } ?? ""
        return "the variable \(prefix)\(Redaction.repeatable(name).visible) sets no option\(nearest)"
      }
  }
}

/// A word in the place of a command or a list that is neither.
struct UnknownCommand: Error {
  let word: String

  /// Names of those that there are.
  static var commands: [String] { JelouInventory.configuration.subcommands.map { $0._commandName } }

  /// - Parameter word: what stands where a command or, since `run` is the default one, a list is expected.
  /// - Throws: ``UnknownCommand`` for a plain word that no file has as its name. What looks like a path is a list.
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
