import Files
import Gateway
import InventoryModel
import TextFormats

/// The settings as an equivalent configuration file, with the source of each setting in a comment.
struct SettingsText {
  let settings: Settings

  var lines: [String] {
    settings.all.map { setting in
      let name = setting.option.name
      guard !setting.values.isEmpty else { return "# \(name): \(derived(name) ?? "not set")" }
      // In a configuration file, this line would conflict with an option that is set.
      if setting.source == .standard, hasConflict(setting) { return "# \(name): not used" }
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

  /// Whether an option is set that conflicts with this one.
  private func hasConflict(_ setting: Setting) -> Bool {
    !setting.option.isFlag
      && settings.all.contains { other in
        setting.option.note.conflictingOptions.contains(other.option.name) && other.source != .standard
          && (try? other.isInEffect()) == true
      }
  }

  private func value(_ setting: Setting) -> String {
    if setting.option.isFlag { return (try? setting.isTrue()) == true ? "true" : "false" }
    if setting.option.isRepeatable { return "[" + setting.values.map(Self.quoted).joined(separator: ", ") + "]" }
    let value = setting.values[0]
    return Self.quoted(
      setting.option.note.namesSecret
        ? Redaction.repeatable(pathToSecret: value) { FileStatus(path: $0) != nil } : value)
  }

  /// Whether each credential variable is set, without its value.
  private var credentials: [String] {
    CredentialSources.variables.map { name in
      "# \(name): \(settings.environment[name]?.isEmpty == false ? "set, not shown" : "not set")"
    }
  }

  /// Quotes a text for the configuration file.
  ///
  /// The text stays unquoted if it can't be misread; otherwise the quotes are double quotes, which YAML and JSON share.
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
