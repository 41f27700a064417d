import FoundationEssentials

/// What a request proves its right with. Prints as its name alone.
package struct Credential: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The name that stands for the one key of a run.
  package static let defaultName = "default"

  package let name: String
  /// The header that carries it.
  let header: (name: String, value: String)
  /// Every form in which its secret could come back.
  let secrets: [[UInt8]]

  /// A project API key.
  package static func apiKey(_ key: String, name: String) -> Credential {
    Credential(name: name, header: ("x-api-key", key), secrets: [key])
  }

  /// A client's ID and secret (RFC 7617).
  package static func basic(clientID: String, clientSecret: String, name: String) -> Credential {
    let token = Data((clientID + ":" + clientSecret).utf8).base64EncodedString()
    return Credential(name: name, header: ("authorization", "Basic " + token), secrets: [clientSecret, token])
  }

  private init(name: String, header: (name: String, value: String), secrets: [String]) {
    self.name = name
    self.header = header
    self.secrets = secrets.map { Array($0.utf8) }
  }

  package var description: String { name }
  package var debugDescription: String { name }
  package var customMirror: Mirror { Mirror(self, children: [("name", name)]) }
}
