import InventoryModel

/// Settings as a configuration file that sets the same, with who has set each behind it.
struct SettingsText {
  let settings: Settings
  let environment: [String: String]

  var lines: [String] {
    settings.all.map { setting in
      let name = setting.option.name
      guard !setting.values.isEmpty else { return "# \(name): not set" }
      return "\(name): \(value(setting)) # \(setting.source.description)"
    } + credentials
  }

  private func value(_ setting: Setting) -> String {
    switch setting.option.shape {
    case .flag: ((try? setting.isTrue()) ?? false) ? "true" : "false"
    case .repeatable: "[" + setting.values.map(Self.quoted).joined(separator: ", ") + "]"
    case .value, .commaSeparated: Self.quoted(setting.values[0])
    }
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
