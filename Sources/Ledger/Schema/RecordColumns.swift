import GRDB
import InventoryModel

/// Fields of the record as adjacent columns of a query, in the order of the fields.
struct RecordColumns {
  /// A field of the row itself, with its column.
  private struct RowColumn {
    let index: Int
    let isNumber: Bool
    let isRequired: Bool
    let set: @Sendable (inout ResultRow, FieldValue) -> Void
  }

  /// A field of the row's integration, with its column.
  private struct IntegrationColumn {
    let index: Int
    let set: @Sendable (inout Integration, String?) -> Void
  }

  let fields: [RecordField]
  /// The index of the query's column that holds the first field, counted from 0.
  private let start: Int
  private let outcomeColumn: Int?
  private let webhookColumn: Int?
  private var rowColumns: [RowColumn] = []
  /// Without the webhook, which decides whether there is an integration.
  private var integrationColumns: [IntegrationColumn] = []

  init(_ fields: [RecordField], from start: Int = 0) {
    self.fields = fields
    self.start = start
    func column(of name: String) -> Int? { fields.firstIndex { $0.column == name }.map { start + $0 } }
    outcomeColumn = column(of: "outcome")
    webhookColumn = column(of: "webhook_url")
    for (index, field) in zip(start..., fields) {
      switch field.setter {
      case .row(let set):
        rowColumns.append(
          RowColumn(index: index, isNumber: field.kind == .number, isRequired: field.isRequired, set: set))
      case .integration(_, let set) where index != webhookColumn:
        integrationColumns.append(IntegrationColumn(index: index, set: set))
      case .integration: break
      }
    }
  }

  /// The index of the column after the last one.
  var end: Int { start + fields.count }

  /// The columns for `SELECT`.
  ///
  /// - Parameter expression: returns the SQL expression for a column.
  func sql(_ expression: (_ column: String) -> String = { $0 }) -> String {
    fields.map { expression($0.column) }.joined(separator: ", ")
  }

  /// The outcome; nil for a pending row.
  func outcome(_ row: RowReader) -> Outcome? { outcomeColumn.flatMap(row.text).flatMap(Outcome.init) }

  /// The record; nil for a pending row, and for a row that an outer join did not match.
  func record(_ row: RowReader) throws -> ResultRow? {
    guard let outcome = self.outcome(row) else { return nil }
    var record = ResultRow(line: 0, projectID: "", outcome: outcome)
    try read(row, into: &record)
    return record
  }

  /// Reads all fields into a record. Leaves the record's outcome unchanged if the row is pending.
  ///
  /// - Throws: `DatabaseError` if a required value is missing, which happens only in a damaged database.
  func read(_ row: RowReader, into record: inout ResultRow) throws {
    for column in rowColumns {
      let value: FieldValue =
        column.isNumber ? .number(row.number(column.index)) : .text(row.text(column.index))
      if column.isRequired, value.isAbsent { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
      column.set(&record, value)
    }
    record.integration = webhookColumn.flatMap(row.text).map { integration(row, webhookURL: $0) }
  }

  private func integration(_ row: RowReader, webhookURL: String) -> Integration {
    var integration = Integration(webhookURL: webhookURL)
    for column in integrationColumns { column.set(&integration, row.text(column.index)) }
    return integration
  }
}

extension FieldValue {
  fileprivate var isAbsent: Bool {
    switch self {
    case .number(let number): number == nil
    case .text(let text), .json(let text): text == nil
    case .list, .findings: false
    }
  }
}
