import ArgumentParser
import Files
import Gateway
import InventoryModel

/// A command line, completed by what variables and the configuration file set.
struct ConfiguredCommandLine {
  let arguments: [String]
  let environment: [String: String]

  /// The command that is to run, and what was set for it; without settings for a command that takes none.
  ///
  /// - Throws: ``UnknownCommand``, ``JobFailure`` when the configuration can't be used, and what parsing throws.
  func parse() throws -> (command: any ParsableCommand, settings: Settings?) {
    let given = GivenOptions(arguments)
    let first = arguments.first ?? ""
    let named = UnknownCommand.commands.contains(first)
    if !named { try UnknownCommand.check(first) }
    guard !given.asksAboutProgram, first != "help",
      let name = ConfigurableOption.Command(rawValue: named ? first : ConfigurableOption.Command.run.rawValue)
    else { return (try JelouInventory.parseAsRoot(arguments), nil) }
    let settings = try settings(given)
    let own = named ? arguments.dropFirst() : arguments[...]
    var added: [String] = []
    for setting in settings.all where setting.option.commands.contains(name) {
      if case .commandLine = setting.source { continue }
      if case .standard = setting.source { continue }
      let arguments = try setting.arguments()
      try check(arguments, of: setting, for: name)
      added += arguments
    }
    added += try fartherDatabase(given, settings, for: name)
    let command = try JelouInventory.parseAsRoot([name.rawValue] + added + own)
    if !named, let run = command as? RunCommand { try UnknownCommand.check(run.list ?? "") }
    return (command, settings)
  }

  /// With `--output -` on the command line, the database that is read is still in the output folder that a variable or the
  /// configuration file sets.
  private func fartherDatabase(
    _ given: GivenOptions, _ settings: Settings, for command: ConfigurableOption.Command
  ) throws -> [String] {
    guard command.readsDatabase, given.values["output"] == ["-"], settings.values(of: "database").isEmpty else {
      return []
    }
    let farther = try self.settings(given.without("output"))
    guard let folder = farther.values(of: "output").first,
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

  /// Tells a value that can't be used by where it stands, not as if the user had typed it.
  private func check(_ arguments: [String], of setting: Setting, for command: ConfigurableOption.Command) throws {
    do {
      _ = try JelouInventory.parseAsRoot([command.rawValue] + arguments + command.leastArguments)
    } catch {
      let message = MisplacedKeys.suspected(in: setting.values).masked(JelouInventory.message(for: error))
      throw JobFailure(.unusableInput, "\(setting.source.description): \(message)")
    }
  }

  /// A warning for each variable that begins as ours do and sets nothing. Not refused: other systems make such
  /// (`JELOU_INVENTORY_PORT`, for a Kubernetes service of that name).
  var unknownVariables: [String] {
    let prefix = ConfigurableOption.variablePrefix
    let known =
      (ConfigurableOption.all.map(\.variable)
      + [ConfigurableOption.fileVariable, ConfigurableOption.shardsVariable]).map {
        String($0.dropFirst(prefix.count))
      }
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
  static var commands: [String] {
    JelouInventory.configuration.subcommands.compactMap { $0.configuration.commandName }
  }

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
