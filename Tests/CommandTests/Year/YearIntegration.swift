import InventoryModel
import TestSupport
import TextFormats

/// An integration as the gateway of a replayed year has it, and how it changes there.
struct YearIntegration: Hashable, Sendable {
  var id: String?
  var brainID: String?
  var webhookURL: String
  var authType: String?
  var createdAt: String?
  var updatedAt: String?
  /// Fields that the program does not know.
  var extra: [String: Value] = [:]

  enum Value: Hashable, Sendable {
    case null
    case flag(Bool)
    case number(Int)
    case text(String)
    case list([Value])
    case object([String: Value])
  }

  static func random(_ number: Int, _ random: inout SplitMix) -> YearIntegration {
    var made = YearIntegration(
      id: "int_\(number)", brainID: "brain_\(number)", webhookURL: "https://hooks.example.com/\(number)",
      authType: Bool.random(using: &random) ? "bearer" : "no_auth", createdAt: time(&random), updatedAt: time(&random))
    for name in ["plan", "region", "limits"] where Bool.random(using: &random) {
      made.extra[name] = value(depth: 2, &random)
    }
    return made
  }

  /// The fields that ``change(_:)`` changes, as they are told: many unknown ones at once, and odd names, as `extra`.
  static let changingFields: Set = [
    "integration_id", "brain_id", "webhook_url", "auth_type", "created_at", "updated_at", "extra", "extra.plan",
    "extra.tier",
  ]

  /// Another value in one field or more.
  mutating func change(_ random: inout SplitMix) {
    let number = Int.random(in: 0..<1_000_000, using: &random)
    repeat {
      switch Int.random(in: 0..<12, using: &random) {
      case 0: id = id == nil ? "int_\(number)" : nil
      case 1: brainID = brainID == nil ? "brain_\(number)" : nil
      case 2, 3: webhookURL = "https://hooks-\(number % 7).example.com/\(number)"
      case 4: authType = authType == "bearer" ? nil : "bearer"
      case 5: createdAt = Bool.random(using: &random) ? nil : Self.time(&random)
      case 6, 7: updatedAt = Int.random(in: 0..<6, using: &random) == 0 ? "last Tuesday" : Self.time(&random)
      case 8: extra["plan"] = extra["plan"] == nil ? Self.value(depth: 2, &random) : nil
      // Of another kind, but alike to whoever compares texts.
      case 9: extra["tier"] = extra["tier"] == .number(1) ? .text("1") : .number(1)
      case 10: for field in 0..<12 { extra["field_\(field)"] = .number(number) }
      default: extra["odd;name"] = .number(number)
      }
    } while Bool.random(using: &random)
  }

  private static func time(_ random: inout SplitMix) -> String {
    // From 2023 to 2025.
    Timestamp(milliseconds: 1_672_531_200_000 + Int64.random(in: 0..<94_000_000_000, using: &random)).description
  }

  private static func value(depth: Int, _ random: inout SplitMix) -> Value {
    switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &random) {
    case 0: .null
    case 1: .flag(Bool.random(using: &random))
    case 2: .number(Int.random(in: -3...3, using: &random))
    case 3: .text(["", "é", "1", "a\"b"].randomElement(using: &random) ?? "")
    case 4: .list((0..<3).map { _ in value(depth: depth - 1, &random) })
    default:
      .object(
        Dictionary(uniqueKeysWithValues: ["a", "b", "c"].map { ($0, value(depth: depth - 1, &random)) }))
    }
  }

  /// What is different in a later answer, in the words of the documentation.
  func changedFields(in later: YearIntegration) -> [String] {
    var names: [String] = []
    if id != later.id { names.append("integration_id") }
    if brainID != later.brainID { names.append("brain_id") }
    if webhookURL != later.webhookURL { names.append("webhook_url") }
    if authType != later.authType { names.append("auth_type") }
    if createdAt != later.createdAt { names.append("created_at") }
    if updatedAt != later.updatedAt { names.append("updated_at") }
    let differing = Set(extra.keys).union(later.extra.keys).filter { extra[$0] != later.extra[$0] }
    let canBeNamed = differing.count <= 10 && differing.allSatisfy { !$0.contains(";") }
    return names + (canBeNamed ? differing.sorted().map { "extra." + $0 } : ["extra"])
  }

  /// A body that says it: flat or in an envelope, its fields in any order, times in either spelling of UTC.
  func body(_ random: inout SplitMix) -> String {
    var fields = extra
    let texts = [
      "id": id, "brainId": brainID, "webhookUrl": webhookURL, "authType": authType, "createdAt": createdAt,
      "updatedAt": updatedAt,
    ]
    let isOffset = Bool.random(using: &random)
    for (name, text) in texts {
      guard let text else {
        // One that is not there and one that is null are the same.
        if Bool.random(using: &random) { fields[name] = .null }
        continue
      }
      let isTime = isOffset && name.hasSuffix("At") && text.hasSuffix("Z")
      fields[name] = .text(isTime ? text.dropLast() + "+00:00" : text)
    }
    let flat = Value.object(fields)
    guard Bool.random(using: &random) else { return flat.text(&random) }
    return Value.object(["status": .number(1), "statusMessage": .text("success"), "data": flat]).text(&random)
  }
}

extension YearIntegration.Value {
  /// As JSON, the members of objects in any order.
  func text(_ random: inout SplitMix) -> String {
    switch self {
    case .null: return "null"
    case .flag(let flag): return flag ? "true" : "false"
    case .number(let number): return String(number)
    case .text(let text): return Self.quoted(text)
    case .list(let items): return "[" + items.map { $0.text(&random) }.joined(separator: ",") + "]"
    case .object(let members):
      // Sorted first: the order of a dictionary is another in each process.
      let shuffled = members.sorted { $0.key < $1.key }.shuffled(using: &random)
      return "{" + shuffled.map { Self.quoted($0.key) + ": " + $0.value.text(&random) }.joined(separator: ",") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var json = JSONText()
    json.value(text)
    return json.string
  }
}
