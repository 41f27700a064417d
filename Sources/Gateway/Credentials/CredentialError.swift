import Files
import InventoryModel
import TextFormats

/// Why credentials can't be used. Never contains a secret.
package enum CredentialError: Error, Hashable, CustomStringConvertible {
  /// No source has a key.
  case none
  case cannotOpen(what: String, path: String)
  /// A key or secret is empty.
  case emptyValue(what: String)
  /// A key or secret contains a character that a header can't carry.
  case unusableValue(what: String)
  /// Only one of client ID and client secret is set.
  case incompletePair(missing: String)
  case conflicting(String, String)
  case variableNotSet(what: String, variable: String)
  /// The credentials file is not a table of credentials.
  case malformedFile(path: String, line: Int, reason: String)
  /// The name of a credential contains a key.
  case keyFound(ExposedKeyError)

  /// Whether a file is inaccessible, as opposed to having unusable content.
  package var isAboutAccess: Bool {
    if case .cannotOpen = self { true } else { false }
  }

  package var description: String {
    switch self {
    case .none:
      "no key was found; set JELOU_API_KEY, or JELOU_CLIENT_ID and JELOU_CLIENT_SECRET, "
        + "or use --api-key-file or --credentials"
    case .cannotOpen(let what, let path):
      "\(Redaction.repeatable(pathToSecret: path) { FileStatus(path: $0) != nil }): \(what) can't be opened"
    case .emptyValue(let what): "\(what) is empty"
    case .unusableValue(let what):
      "\(what) contains a space, a line break or another character that keys can't have; check how it was saved"
    case .incompletePair(let missing): "\(missing) is not set; set both JELOU_CLIENT_ID and JELOU_CLIENT_SECRET"
    case .conflicting(let one, let other): "\(one) and \(other) are both set; remove one of them"
    case .variableNotSet(let what, let variable): Self.notSet(what, Redaction.repeatable(reference: variable))
    case .malformedFile(let path, let line, let reason): "\(path) line \(line): \(reason)"
    case .keyFound(let found): found.description
    }
  }

  private static func notSet(_ what: String, _ variable: String) -> String {
    "\(what) is env:\(variable), but \(variable) is not set"
  }
}
