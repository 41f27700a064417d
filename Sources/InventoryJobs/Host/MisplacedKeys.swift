import Files
import FoundationEssentials
package import Gateway
import InventoryModel
import TextFormats

/// Finds misplaced keys: on the command line, in `JELOU_INVENTORY_…` variables, or in the configuration.
///
/// These are the keys from the environment and any text that looks like a key. Error messages quote user input and must
/// not reveal these keys.
package enum MisplacedKeys {
  private static let variablePrefix = "JELOU_INVENTORY_"

  package static var ofProcess: SecretMask {
    let environment = ProcessInfo.processInfo.environment
    let variables = environment.filter { $0.key.hasPrefix(variablePrefix) }
    let names = variables.keys.map { String($0.dropFirst(variablePrefix.count)) }
    let given = CommandLine.arguments.dropFirst() + variables.values + names + GivenText.ofCommand.map(\.value)
    return SecretMask(environment: environment).union(suspected(in: Array(given)))
  }

  /// Finds what looks like a key in these texts: arguments, or the values after their `=`. A path that exists is not a
  /// key.
  package static func suspected(in texts: [String]) -> SecretMask {
    let keys = texts.flatMap(candidates).compactMap { text in
      Redaction.suspectedKey(inPath: text) { FileStatus(path: $0) != nil }
    }
    return SecretMask(keys.map { Array($0.utf8) })
  }

  /// Returns the text without an option's hyphens, and the part after its first `=`.
  private static func candidates(_ text: String) -> [String] {
    let text = text.unicodeScalars.drop { $0 == "-" }
    guard let equals = text.firstIndex(of: "=") else { return [String(text)] }
    return [String(text), String(text[text.index(after: equals)...])]
  }
}

/// A text that the user provided outside of input files: an option's value, wherever it was set, or the path of the
/// list.
package struct GivenText: Sendable {
  /// Where the text was set, as shown in messages: `--output`, or `monthly.yaml line 3: output`.
  package let place: String
  package let value: String

  package init(place: String, value: String) {
    self.place = place
    self.value = value
  }

  /// The texts given to the command that runs in this task.
  @TaskLocal package static var ofCommand: [GivenText] = []
}
