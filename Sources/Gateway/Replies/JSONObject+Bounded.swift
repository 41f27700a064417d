import InventoryModel
import TextFormats

extension JSONObject {
  /// Bytes for the names and marks of members whose values are omitted.
  private static let markBytes = 32_768
  /// Names of secrets that are kept of an omitted value.
  private static let secretsTold = 20
  /// The name under which members are counted that are omitted altogether, and of the mark among a value's secrets.
  private static let omission = "…"

  /// The object's JSON as it may be stored, within ``ValueLimit/extraBytes`` and the bytes of marks: texts are cut as
  /// everywhere, and beyond the limit the largest members are each replaced by a mark.
  ///
  /// Call it after secrets were masked. The secrets of an omitted value are still named in its place.
  var boundedJSON: String {
    let whole = JSONValue.object(self).json
    // No text in it can be too long.
    guard whole.isOverLong else { return whole }
    let bounded = members.map { member in
      Member(name: member.name.bounded, value: member.value.bounded)
    }
    let sized = bounded.map { (member: $0, bytes: $0.byteCount) }.sorted { $0.bytes < $1.bytes }
    var kept = JSONObject()
    var omitted = JSONObject()
    var (bytesLeft, markBytesLeft) = (ValueLimit.extraBytes, Self.markBytes)
    for (member, bytes) in sized {
      if bytes <= bytesLeft {
        bytesLeft -= bytes
        kept.set(member.name, member.value)
        continue
      }
      let marked = Member(name: member.name, value: Self.mark(for: member.value))
      markBytesLeft -= marked.byteCount
      if markBytesLeft >= 0 {
        kept.set(marked.name, marked.value)
      } else {
        omitted.set(member.name, member.value)
      }
    }
    if !omitted.isEmpty { kept.set(Self.omission, Self.mark(for: .object(omitted))) }
    return JSONValue.object(kept).json
  }

  private static func mark(for value: JSONValue) -> JSONValue {
    let mark = JSONValue.string(ValueLimit.mark(for: value.json))
    let secrets = value.names(ofMembersWith: Redaction.mask).filter { !$0.isOverLong }.prefix(secretsTold)
    guard !secrets.isEmpty else { return mark }
    var object = JSONObject()
    object.set(omission, mark)
    for name in secrets { object.set(name, .string(Redaction.mask)) }
    return .object(object)
  }
}

extension JSONObject.Member {
  fileprivate var byteCount: Int { name.utf8.count + value.json.utf8.count + 4 }
}

extension JSONValue {
  fileprivate var json: String {
    var json = JSONText()
    write(to: &json)
    return json.string
  }

  /// With every text in it cut, names too.
  fileprivate var bounded: JSONValue {
    switch self {
    case .string(let text): .string(text.bounded)
    // A number that long is none that any reader takes.
    case .number(let text): text.isOverLong ? .string(text.bounded) : self
    case .array(let elements): .array(elements.map(\.bounded))
    case .object(let object):
      .object(object.mapNames { .init(name: $0.name.bounded, value: $0.value.bounded) })
    case .null, .bool: self
    }
  }
}
