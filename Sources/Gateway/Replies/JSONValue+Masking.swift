import InventoryModel
import TextFormats

extension JSONValue {
  /// The value with every occurrence of each secret masked, in names too.
  func masking(_ secrets: SecretMask) -> JSONValue {
    switch self {
    case .object(let object):
      .object(
        object.mapNames { .init(name: secrets.masked($0.name), value: $0.value.masking(secrets)) })
    case .array(let elements): .array(elements.map { $0.masking(secrets) })
    case .string(let text): .string(secrets.masked(text))
    case .number(let text): secrets.masked(text).isExactly(text) ? self : .string(secrets.masked(text))
    case .null, .bool: self
    }
  }

  /// The value with all members masked whose name indicates a secret.
  func redacted() -> JSONValue {
    switch self {
    case .object(let object): .object(object.redacted())
    case .array(let elements): .array(elements.map { $0.redacted() })
    case .string(let text): .string(Redaction.maskedProse(text))
    case .null, .bool, .number: self
    }
  }
}

extension JSONObject {
  /// The value with all members masked whose name indicates a secret.
  func redacted() -> JSONObject {
    mapValues { isSecret($0.name) ? .string(Redaction.mask) : $0.value.redacted() }
  }

  /// Whether a member's name indicates a secret, or, for a member `value`, the `name` beside it.
  private func isSecret(_ name: String) -> Bool {
    if Redaction.isSecretField(name) { return true }
    guard name.lowercased() == "value" else { return false }
    return members.contains { $0.name.lowercased() == "name" && $0.value.text.map(Redaction.isSecretName) == true }
  }
}
