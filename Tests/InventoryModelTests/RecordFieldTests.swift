import InventoryModel
import Testing

@Suite("The record's fields")
struct RecordFieldTests {
  private static let row = ResultRow(
    line: 7, projectID: "007", inputJSON: #"{"owner":"Ana"}"#, outcome: .found, httpStatus: 200,
    integration: Integration(
      id: "int", brainID: "brain", webhookURL: "https://hooks.example.com/", webhookHost: "hooks.example.com",
      authType: "bearer", createdAt: "2026-01-15T10:30:00.000Z", updatedAt: "yesterday", extraJSON: #"{"a":1}"#),
    attempts: 3, durationMS: 12, fetchedAt: "2026-11-23T10:00:00.000Z", credential: "default",
    error: RowError(.timeout, "No answer."), findings: [Finding(AuditRule("no-auth", .medium), "None.")],
    change: .changed,
    changedFields: ["webhook_url", "extra.a"], lastGood: LastGood(webhookURL: "https://old.example/", at: "2025"))

  @Test("have a name each")
  func names() {
    #expect(Set(RecordField.all.map(\.column)).count == RecordField.all.count)
    #expect(RecordField.all.allSatisfy { $0.meaning.hasSuffix(".") })
  }

  @Test("cover every property of a row and of an integration")
  func complete() throws {
    let integration = try #require(Self.row.integration)
    #expect(Mirror(reflecting: integration).children.count == RecordField.integration.count)
    // The row's integration, error and earlier answer have fields of their own.
    let nested = RecordField.integration.count + Mirror(reflecting: try #require(Self.row.error)).children.count
    let earlier = Mirror(reflecting: try #require(Self.row.lastGood)).children.count
    #expect(Mirror(reflecting: Self.row).children.count - 3 + nested + earlier == RecordField.all.count)
    for field in RecordField.all { #expect(field.value(Self.row).text != nil, "\(field.column)") }
  }

  @Test("are set as SQL stores them, and each changes nothing else")
  func roundTrip() throws {
    let empty = ResultRow(line: 0, projectID: "", outcome: .skipped)
    var copy = empty
    for field in RecordField.stored {
      let value = field.value(Self.row)
      let others = RecordField.stored.filter { $0.column != field.column }
      let before = others.map { $0.value(copy).text }
      if case .number = value { field.set(value, in: &copy) } else { field.set(.text(value.text), in: &copy) }
      #expect(field.value(copy).text == value.text, "\(field.column)")
      // A part of the row that is there only as a whole comes with its first field.
      if field.group == nil, field.origin != .comparison {
        #expect(others.map { $0.value(copy).text } == before, "\(field.column)")
      }
    }
    #expect(copy.integration == Self.row.integration)
    #expect(copy.error == Self.row.error && copy.lastGood == Self.row.lastGood)
  }

  @Test("stand in tables around the list's own columns, those of a later series behind all others")
  func tables() {
    #expect(InventoryColumns.leading == ["line", "project_id"])
    let columns = InventoryColumns.leadingFields + InventoryColumns.trailingFields
    #expect(columns.count == RecordField.all.count { $0.tableSeries != nil })
    #expect(columns.compactMap(\.tableSeries) == columns.compactMap(\.tableSeries).sorted())
  }
}
