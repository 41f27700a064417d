import Files
import FoundationEssentials
package import Gateway
import InventoryModel
import TextFormats

/// Keys in the command line, in `JELOU_INVENTORY_…` variables or in the configuration, where none belongs: those of
/// the environment, and what looks like one. Error messages repeat what was given, and must not repeat these.
package enum MisplacedKeys {
  private static let variablePrefix = "JELOU_INVENTORY_"

  package static var ofProcess: SecretMask {
    let environment = ProcessInfo.processInfo.environment
    let variables = environment.filter { $0.key.hasPrefix(variablePrefix) }
    let names = variables.keys.map { String($0.dropFirst(variablePrefix.count)) }
    let given = CommandLine.arguments.dropFirst() + variables.values + names + GivenText.ofCommand.map(\.value)
    return SecretMask(environment: environment).union(suspected(in: Array(given)))
  }

  /// What looks like a key among these texts: arguments, or the values behind their `=`. A path that leads somewhere is
  /// none.
  package static func suspected(in texts: [String]) -> SecretMask {
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

/// A text that the user gave outside of files: an option's value, wherever it was set, or the path of the list.
package struct GivenText: Sendable {
  /// Names it in messages: `--output`, or `monthly.yaml line 3: output`.
  package let place: String
  package let value: String

  package init(place: String, value: String) {
    self.place = place
    self.value = value
  }

  /// Those of the command that runs in this task.
  @TaskLocal package static var ofCommand: [GivenText] = []
}
