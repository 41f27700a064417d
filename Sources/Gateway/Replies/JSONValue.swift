import InventoryModel

/// Any JSON value, for fields whose meaning is not known.
enum JSONValue {
  case null
  case bool(Bool)
  /// The number as it was written.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// The text of a value that is one: a string, or a number as it was written.
  var text: String? {
    switch self {
    case .string(let text): text
    case .number(let text): text
    case .null, .bool, .array, .object: nil
    }
  }

  /// With every occurrence of each secret masked, in names too.
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

  /// With every value masked whose name says that it is a secret.
  func redacted() -> JSONValue {
    switch self {
    case .object(let object): .object(object.redacted())
    case .array(let elements): .array(elements.map { $0.redacted() })
    case .string(let text): .string(Redaction.maskedProse(text))
    case .null, .bool, .number: self
    }
  }

  /// Writes the value with keys in the order of their bytes.
  func write(to json: inout JSONText) {
    switch self {
    case .null: json.raw("null")
    case .bool(let flag): json.raw(flag ? "true" : "false")
    case .number(let text): json.raw(text)
    case .string(let text): json.value(text)
    case .array(let elements):
      json.array { json in for element in elements { element.write(to: &json) } }
    case .object(let object):
      json.object { json in
        for member in object.members.sorted(by: { ExactText($0.name) < ExactText($1.name) }) {
          json.key(text: member.name)
          member.value.write(to: &json)
        }
      }
    }
  }
}

extension JSONObject {
  /// With every value masked whose name says that it is a secret.
  func redacted() -> JSONObject {
    mapValues { isSecret($0.name) ? .string(Redaction.mask) : $0.value.redacted() }
  }

  /// Whether a member's own name says that it is a secret, or the name that stands beside a `value`.
  private func isSecret(_ name: String) -> Bool {
    if Redaction.isSecretField(name) { return true }
    guard name.lowercased() == "value" else { return false }
    return members.contains { $0.name.lowercased() == "name" && $0.value.text.map(Redaction.isSecretName) == true }
  }
}
