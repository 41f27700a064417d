import InventoryJobs

/// All options, each with the value from the source with the highest precedence: the command line, an environment
/// variable, the configuration file, the default.
struct Settings {
  /// The settings, in the order of ``ConfigurableOption/all``.
  let all: [Setting]
  /// The environment of the process. Credentials, proxies and the like are not options.
  let environment: [String: String]

  init(given: GivenOptions, environment: [String: String], file: ConfigurationFile?) throws(JobFailure) {
    self.environment = environment
    all = try Self.withoutConflicts(
      ConfigurableOption.all.map { option in
        if let values = given.values[option.name] {
          Setting(option: option, values: values, source: .commandLine)
        } else if let text = environment[option.variable], !text.isEmpty {
          // An empty variable, common in unit files, sets nothing.
          Setting(option: option, values: option.values(ofVariable: text), source: .variable(option.variable))
        } else if let file, let entry = file.entries[option.name] {
          Setting(option: option, values: entry.values, source: .file(path: file.path, line: entry.line))
        } else {
          Setting(defaultOf: option)
        }
      })
  }

  /// The values of an option by its name; empty when nothing is set.
  func values(of name: String) -> [String] { all.first { $0.option.name == name }?.values ?? [] }

  /// The source of an option's value, by the option's name.
  func source(of name: String) -> Setting.Source? { all.first { $0.option.name == name }?.source }

  /// Resets the option with the lower precedence of two conflicting ones to its default.
  ///
  /// If both have the same precedence, they are unchanged, and the command reports the conflict.
  private static func withoutConflicts(_ settings: [Setting]) throws(JobFailure) -> [Setting] {
    var result: [Setting] = []
    for setting in settings {
      var isOverridden = false
      for other in settings where setting.option.note.conflictingOptions.contains(other.option.name) {
        if try other.isInEffect(), other.source.precedence > setting.source.precedence { isOverridden = true }
      }
      result.append(isOverridden ? Setting(defaultOf: setting.option) : setting)
    }
    return result
  }
}

extension ConfigurableOption {
  /// The values in the text of an environment variable.
  fileprivate func values(ofVariable text: String) -> [String] {
    guard isRepeatable else { return [text] }
    return text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      String(part.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
  }
}

extension Settings {
  /// All values that are not defaults.
  var texts: [GivenText] {
    all.filter { $0.source != .standard }.flatMap { setting in
      let place =
        setting.source == .commandLine
        ? "--\(setting.option.name)" : "\(setting.source.description): \(setting.option.name)"
      return setting.values.map { GivenText(place: place, value: $0) }
    }
  }
}
