/// Keeps secrets out of whatever is kept of a response.
enum Redaction {
  /// What stands for a secret.
  static let mask = "***"

  /// Whether a field's or parameter's name says that its value is a secret.
  static func isSecretName(_ name: some StringProtocol) -> Bool {
    let name = name.lowercased().utf8
    return secretWords.contains { name.contains($0.utf8) }
  }

  private static let secretWords = [
    "token", "key", "secret", "password", "passwd", "signature", "sig", "auth", "credential",
  ]
}
