/// Keeps secrets out of everything that is stored of a response.
package enum Redaction {
  /// Replaces a secret.
  package static let mask = "***"

  /// Whether a field's or parameter's name indicates that its value is a secret.
  package static func isSecretName(_ name: some StringProtocol) -> Bool {
    let name = name.lowercased().utf8
    return secretWords.contains { name.contains($0.utf8) }
  }

  /// As ``isSecretName(_:)``, for a field of a JSON body, where `bearer` is the name of a token too.
  package static func isSecretField(_ name: String) -> Bool {
    isSecretName(name) || name.lowercased().utf8.contains("bearer".utf8)
  }

  private static let secretWords = [
    "token", "key", "secret", "password", "passwd", "signature", "sig", "auth", "credential",
  ]
}
