/// Any JSON value, for fields whose meaning is unknown.
package enum JSONValue {
  case null
  case bool(Bool)
  /// The number as written.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// A string, or a number as written; nil for other values.
  package var text: String? {
    switch self {
    case .string(let text): text
    case .number(let text): text
    case .null, .bool, .array, .object: nil
    }
  }

  /// The names of the members, at any depth, whose value is this string, in their order.
  package func names(ofMembersWith text: String) -> [String] {
    switch self {
    case .array(let elements): elements.flatMap { $0.names(ofMembersWith: text) }
    case .object(let object):
      object.members.flatMap { member in
        if case .string(text) = member.value { [member.name] } else { member.value.names(ofMembersWith: text) }
      }
    case .null, .bool, .number, .string: []
    }
  }

  /// Writes the value, with keys sorted by their bytes.
  package func write(to json: inout JSONText) {
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
