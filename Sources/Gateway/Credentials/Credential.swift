/// What a request proves its right with. Prints as its name alone.
package struct Credential: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The name that stands for the one key of a run.
  package static let defaultName = "default"

  package let name: String
  /// The header that carries it.
  let header: (name: String, value: String)
  /// Every form in which its secret could come back, encodings that ``SecretMask`` sees through aside.
  let secrets: [[UInt8]]
  /// Whether it has to be kept from others at all.
  let isSecret: Bool
  /// Whether other text may contain the secret by chance.
  let isShort: Bool

  /// What a gateway on this machine is asked with when there is no key.
  package static func rehearsal(_ key: String) -> Credential {
    Credential(name: defaultName, header: ("x-api-key", key), secrets: [key], isSecret: false)
  }

  /// A project API key.
  package static func apiKey(_ key: String, name: String) -> Credential {
    Credential(name: name, header: ("x-api-key", key), secrets: [key])
  }

  /// A client's ID and secret (RFC 7617).
  package static func basic(clientID: String, clientSecret: String, name: String) -> Credential {
    let token = SecretMask.basicToken(user: clientID, password: clientSecret)
    return Credential(name: name, header: ("authorization", "Basic " + token), secrets: [clientSecret, token])
  }

  private init(name: String, header: (name: String, value: String), secrets: [String], isSecret: Bool = true) {
    self.name = name
    self.isSecret = isSecret
    self.header = header
    self.secrets = secrets.flatMap(SecretMask.forms).map { Array($0.utf8) }
    isShort = isSecret && secrets.contains { $0.utf8.count < SecretMask.shortestCertain }
  }

  package var description: String { name }
  package var debugDescription: String { name }
  package var customMirror: Mirror { Mirror(self, children: [("name", name)]) }
}
