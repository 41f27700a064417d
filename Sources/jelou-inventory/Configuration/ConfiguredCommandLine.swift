import ArgumentParser
import Gateway
import InventoryModel

/// A command line, completed by what variables and the configuration file set.
struct ConfiguredCommandLine {
  let arguments: [String]
  let environment: [String: String]

  /// The command that is to run, and what was set for it; without settings for a command that takes none.
  ///
  /// - Throws: ``JobFailure`` when the configuration can't be used, and what parsing throws.
  func parse() throws -> (command: any ParsableCommand, settings: Settings?) {
    let given = GivenOptions(arguments)
    let first = arguments.first ?? ""
    let named = JelouInventory.configuration.subcommands.contains { $0.configuration.commandName == first }
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
    return (try JelouInventory.parseAsRoot([name.rawValue] + added + own), settings)
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

  /// Variables that begin as ours do and set nothing. Not refused: other systems make such (`JELOU_INVENTORY_PORT`, for
  /// a Kubernetes service of that name).
  var unknownVariables: [String] {
    let prefix = ConfigurableOption.variablePrefix
    let known =
      (ConfigurableOption.all.map(\.variable)
      + [ConfigurableOption.fileVariable, ConfigurableOption.shardsVariable]).map {
        String($0.dropFirst(prefix.count))
      }
    return environment.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }.sorted()
      .filter { !known.contains($0) }
      .map { prefix + Redaction.repeatable($0).visible + NearestName.hint(for: $0, among: known) }
  }
}
