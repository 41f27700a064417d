/// Keeps secrets out of whatever is kept of a response.
enum Redaction {
  /// What stands for a secret.
  static let mask = "***"

  /// Replaces every occurrence of each secret.
  static func mask(_ secrets: [[UInt8]], in bytes: inout [UInt8]) {
    // A shorter secret would turn up in innocent text.
    for secret in secrets where secret.count >= 4 && secret.count <= bytes.count {
      var position = 0
      while position + secret.count <= bytes.count {
        if bytes[position] == secret[0], bytes[position..<position + secret.count].elementsEqual(secret) {
          bytes.replaceSubrange(position..<position + secret.count, with: mask.utf8)
          position += mask.utf8.count
        } else {
          position += 1
        }
      }
    }
  }

  /// The text with every occurrence of each secret masked.
  static func masked(_ text: String, _ secrets: [[UInt8]]) -> String {
    guard secrets.contains(where: { $0.count <= text.utf8.count }) else { return text }
    var bytes = Array(text.utf8)
    mask(secrets, in: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether a field's or parameter's name says that its value is a secret.
  static func isSecretName(_ name: some StringProtocol) -> Bool {
    let name = name.lowercased().utf8
    return secretWords.contains { name.contains($0.utf8) }
  }

  private static let secretWords = [
    "token", "key", "secret", "password", "passwd", "signature", "sig", "auth", "credential",
  ]
}
