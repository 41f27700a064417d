/// Keeps secrets out of all stored response data.
package enum Redaction {
  /// The text that replaces a secret.
  package static let mask = "***"

  /// Whether a field's or parameter's name indicates that its value is a secret.
  package static func isSecretName(_ name: some StringProtocol) -> Bool {
    let name = name.lowercased().utf8
    return secretWords.contains { name.contains($0.utf8) }
  }

  /// Like ``isSecretName(_:)``, but for a field of a JSON body, where `bearer` also names a token.
  package static func isSecretField(_ name: String) -> Bool {
    isSecretName(name) || name.lowercased().utf8.contains("bearer".utf8)
  }

  private static let secretWords = [
    "token", "key", "secret", "password", "passwd", "signature", "sig", "auth", "credential",
  ]
}
