import Files
import InventoryModel

/// Settings as a configuration file that sets the same, with who has set each behind it.
struct SettingsText {
  let settings: Settings
  let environment: [String: String]

  var lines: [String] {
    settings.all.map { setting in
      let name = setting.option.name
      guard !setting.values.isEmpty else { return "# \(name): \(derived(name) ?? "not set")" }
      // As a line of a file it would exclude what is set.
      if setting.source == .standard, hasRival(setting) { return "# \(name): not used" }
      return "\(name): \(value(setting)) # \(setting.source.description)"
    } + credentials
  }

  /// The default of an option that depends on another; nil for other options.
  private func derived(_ name: String) -> String? {
    guard name == "database" else { return nil }
    let output = settings.values(of: "output").first ?? DatabaseLocation.standardFolder
    let path = DatabaseLocation(database: nil, output: output).kept.map(Self.quoted)
    return "\(path ?? "a temporary file") by default, in the output folder"
  }

  /// Whether an option holds that excludes this one.
  private func hasRival(_ setting: Setting) -> Bool {
    settings.all.contains { rival in
      setting.option.rivals.contains(rival.option.name) && rival.source != .standard
        && (rival.option.shape != .flag || (try? rival.isTrue()) == true)
    } && setting.option.shape != .flag
  }

  private func value(_ setting: Setting) -> String {
    switch setting.option.shape {
    case .flag: ((try? setting.isTrue()) ?? false) ? "true" : "false"
    case .repeatable: "[" + setting.values.map(Self.quoted).joined(separator: ", ") + "]"
    case .value, .commaSeparated: Self.quoted(shown(setting.values[0], of: setting.option))
    }
  }

  /// Where a path to a secret belongs, the secret itself may stand.
  private func shown(_ value: String, of option: ConfigurableOption) -> String {
    guard ["api-key-file", "credentials", "ca-file"].contains(option.name) else { return value }
    return Redaction.repeatable(pathToSecret: value) { FileStatus(path: $0) != nil }
  }

  /// Whether there is a key, never which.
  private var credentials: [String] {
    ["JELOU_API_KEY", "JELOU_CLIENT_ID", "JELOU_CLIENT_SECRET"].map { name in
      "# \(name): \(environment[name]?.isEmpty == false ? "set, not shown" : "not set")"
    }
  }

  /// Plain where nothing could be taken for anything else, in the double quotes that YAML and JSON share elsewhere.
  private static func quoted(_ text: String) -> String {
    let isPlain =
      text.wholeMatch(of: /[A-Za-z0-9\/._][A-Za-z0-9\/._,:@%+-]*/) != nil && !text.hasSuffix(":")
      && text.lowercased() != "null"
    if isPlain { return text }
    var json = JSONText()
    json.value(text)
    return json.string
  }
}
