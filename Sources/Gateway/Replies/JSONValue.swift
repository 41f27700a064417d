import FoundationEssentials
import InventoryModel

/// Any JSON value, for fields whose meaning is not known.
enum JSONValue: Decodable {
  case null
  case bool(Bool)
  /// The number's text.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let text = try? container.decode(String.self) {
      self = .string(text)
    } else if let flag = try? container.decode(Bool.self) {
      self = .bool(flag)
    } else if let number = Self.number(in: container) {
      self = .number(number)
    } else if let elements = try? container.decode([JSONValue].self) {
      self = .array(elements)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  /// Decimal keeps 38 digits, where Double would round a long identifier.
  private static func number(in container: any SingleValueDecodingContainer) -> String? {
    if let integer = try? container.decode(Int64.self) { return String(integer) }
    if let decimal = try? container.decode(Decimal.self), !decimal.isNaN { return decimal.description }
    return (try? container.decode(Double.self)).map { $0.description }
  }

  /// The text of a value that is one: a string, or a number as it was written.
  var text: String? {
    switch self {
    case .string(let text): text
    case .number(let text): text
    case .null, .bool, .array, .object: nil
    }
  }

  /// With every value masked whose name says that it is a secret.
  func redacted() -> JSONValue {
    switch self {
    case .object(let members):
      .object(
        Dictionary(
          uniqueKeysWithValues: members.map { name, value in
            (name, Redaction.isSecretName(name) ? .string(Redaction.mask) : value.redacted())
          }))
    case .array(let elements): .array(elements.map { $0.redacted() })
    case .string(let text): .string(text.contains("://") ? WebhookURL.masked(text) : text)
    case .null, .bool, .number: self
    }
  }

  /// Writes the value with sorted keys.
  func write(to json: inout JSONText) {
    switch self {
    case .null: json.raw("null")
    case .bool(let flag): json.raw(flag ? "true" : "false")
    case .number(let text): json.raw(text)
    case .string(let text): json.value(text)
    case .array(let elements):
      json.array { json in for element in elements { element.write(to: &json) } }
    case .object(let members):
      json.object { json in
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
          json.key(name)
          value.write(to: &json)
        }
      }
    }
  }
}
