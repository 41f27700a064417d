import GRDB
import InventoryModel

/// Fields of the record as adjacent columns of a query, in the order of the fields.
struct RecordColumns {
  let fields: [RecordField]
  /// The index of the query's column that holds the first field, counted from 0.
  private let start: Int
  private let outcomeColumn: Int?
  private let webhookColumn: Int?

  init(_ fields: [RecordField], from start: Int = 0) {
    self.fields = fields
    self.start = start
    func column(of name: String) -> Int? { fields.firstIndex { $0.column == name }.map { start + $0 } }
    outcomeColumn = column(of: "outcome")
    webhookColumn = column(of: "webhook_url")
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
    // Without a webhook there is no integration, and none of its fields.
    var integration = webhookColumn.flatMap(row.text).map { Integration(webhookURL: $0) }
    for index in fields.indices {
      let column = start + index
      switch fields[index].access {
      case .integration(let access):
        if integration != nil, column != webhookColumn { access.set(&integration!, row.text(column)) }
      case .row(_, let set):
        let value: FieldValue = fields[index].kind == .number ? .number(row.number(column)) : .text(row.text(column))
        if fields[index].isRequired, value.isAbsent { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        set(&record, value)
      }
    }
    record.integration = integration
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
