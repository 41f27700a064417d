import Files
import FoundationEssentials
import Gateway
import InventoryModel

/// Keys in the command line, in `JELOU_INVENTORY_…` variables or in the configuration, where none belongs: those of
/// the environment, and what looks like one. Error messages repeat what was given, and must not repeat these.
enum MisplacedKeys {
  static var ofProcess: SecretMask {
    let environment = ProcessInfo.processInfo.environment
    let variables = environment.filter { $0.key.hasPrefix(ConfigurableOption.variablePrefix) }
    let names = variables.keys.map { String($0.dropFirst(ConfigurableOption.variablePrefix.count)) }
    let given = CommandLine.arguments.dropFirst() + variables.values + names + GivenText.ofCommand.map(\.value)
    return SecretMask(environment: environment).union(suspected(in: Array(given)))
  }

  /// What looks like a key among these texts: arguments, or the values behind their `=`. A path that leads somewhere is
  /// none.
  static func suspected(in texts: [String]) -> SecretMask {
    let keys = texts.flatMap(candidates).compactMap { text in
      Redaction.suspectedKey(inPath: text) { FileStatus(path: $0) != nil }
    }
    return SecretMask(keys.map { Array($0.utf8) })
  }

  /// The text without the hyphens of an option, and what stands behind its first `=`.
  private static func candidates(_ text: String) -> [String] {
    let text = text.unicodeScalars.drop { $0 == "-" }
    guard let equals = text.firstIndex(of: "=") else { return [String(text)] }
    return [String(text), String(text[text.index(after: equals)...])]
  }
}
