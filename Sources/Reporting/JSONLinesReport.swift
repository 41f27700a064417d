package import InventoryModel
import TextFormats

/// The JSON Lines report, for programs: one object per row with every key, and nothing escaped for spreadsheets.
package struct JSONLinesReport: ReportWriter, Sendable {
  static func fileName(_ profile: CSVProfile) -> String { "inventory.jsonl" }

  package private(set) var rowCount = 0
  private let members = Member.all
  private var json = JSONText()

  package init() {}

  init(_ request: ReportRequest) { self.init() }

  func begin() -> [UInt8] { [] }

  mutating func rows(_ rows: Span<ResultRow>) -> [UInt8] {
    json.removeAll()
    for index in rows.indices { append(rows[index]) }
    return json.bytes
  }

  /// Returns the JSON line of a single row.
  package mutating func row(_ row: borrowing ResultRow) -> [UInt8] {
    json.removeAll()
    append(row)
    return json.bytes
  }

  private mutating func append(_ row: borrowing ResultRow) {
    rowCount += 1
    json.object { json in
      for member in members { member.write(row, to: &json) }
    }
    json.newline()
  }

  func end() -> [UInt8] { [] }
}

/// A member of a JSON line: a field, or an object that groups several fields.
private final class Member: Sendable {
  enum Content: Sendable {
    case value(@Sendable (borrowing ResultRow) -> FieldValue)
    case object(RecordField.Group, [Member])
  }

  /// The key as ``JSONText/quoted(_:)`` returns it.
  private let key: [UInt8]
  private let content: Content

  init(_ key: String, _ content: Content) {
    self.key = JSONText.quoted(key)
    self.content = content
  }

  func write(_ row: borrowing ResultRow, to json: inout JSONText) {
    json.key(quoted: key)
    switch content {
    case .value(let value): json.value(value(row))
    case .object(let group, let members):
      guard group.isPresent(in: row) else { return json.raw("null") }
      json.object { json in
        for member in members { member.write(row, to: &json) }
      }
    }
  }

  /// The members of a line, in field order. The position of an object is that of its first field.
  static let all = members(of: RecordField.all.filter { $0.jsonKey != nil })

  private static func members(of fields: [RecordField]) -> [Member] {
    var groups: Set<RecordField.Group> = []
    return fields.compactMap { field in
      guard let group = field.group else { return member(field) }
      guard groups.insert(group).inserted else { return nil }
      return Member(group.rawValue, .object(group, fields.filter { $0.group == group }.map(member)))
    }
  }

  private static func member(_ field: RecordField) -> Member {
    Member(field.jsonKey ?? field.column, .value(field.value))
  }
}

extension JSONText {
  fileprivate mutating func value(_ value: FieldValue) {
    switch value {
    case .text(let text): self.value(text)
    case .number(let number): self.value(number)
    case .list(let texts): array { json in for text in texts { json.value(text) } }
    case .json(let text): raw(text ?? "null")
    case .findings(let findings): array { json in for finding in findings { json.value(finding) } }
    }
  }

  private mutating func value(_ finding: Finding) {
    object { json in
      json.member("rule", finding.rule.name)
      json.member("severity", finding.severity.rawValue)
      json.member("detail", finding.detail)
    }
  }
}
