/// The credential that authenticates a request. Its description is only its name.
package struct Credential: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The name of the single credential for all rows that name none.
  package static let defaultName = "default"

  package let name: String
  /// The header that carries the credential.
  let header: (name: String, value: String)
  /// Every form in which the secret may be repeated, except for encodings that ``SecretMask`` decodes.
  let secrets: [[UInt8]]
  /// Whether the credential must be kept secret.
  let isSecret: Bool
  /// Whether the secret is so short that other text may contain it by chance.
  let isShort: Bool

  /// The credential for a local gateway when there is no key.
  package static func rehearsal(_ key: String) -> Credential {
    Credential(name: defaultName, header: ("x-api-key", key), secrets: [key], isSecret: false)
  }

  /// A project API key.
  package static func apiKey(_ key: String, name: String) -> Credential {
    Credential(name: name, header: ("x-api-key", key), secrets: [key])
  }

  /// A client's ID and secret for Basic authentication (RFC 7617).
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
