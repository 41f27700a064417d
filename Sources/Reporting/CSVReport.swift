import DelimitedText
import InventoryModel

/// The inventory for spreadsheets and other programs: RFC 4180, every value exactly as stored.
struct CSVReport: ReportWriter {
  private static let leadingColumns = ["line", "project_id"]
  private static let trailingColumns = [
    "outcome", "http_status", "integration_id", "brain_id", "webhook_url", "webhook_host", "auth_type", "created_at",
    "updated_at", "findings", "change", "changed_fields", "attempts", "duration_ms", "fetched_at", "credential",
    "error_code", "error_message",
  ]

  /// All columns, in order.
  let columns: [String]
  private(set) var rowCount = 0
  private let inputColumnCount: Int
  private var writer = DelimitedWriter()

  /// - Parameter inputColumns: the list's other columns; one that collides becomes `input_NAME`.
  init(inputColumns: [String]) {
    var taken = Set(Self.leadingColumns + Self.trailingColumns)
    let own = taken.union(inputColumns)
    let names = inputColumns.map { name in
      guard taken.contains(name) else {
        taken.insert(name)
        return name
      }
      var unique = "input_" + name
      while own.contains(unique) || taken.contains(unique) { unique = "input_" + unique }
      taken.insert(unique)
      return unique
    }
    columns = Self.leadingColumns + names + Self.trailingColumns
    inputColumnCount = inputColumns.count
  }

  mutating func begin() -> [UInt8] {
    for column in columns { writer.field(column) }
    return endRecord()
  }

  mutating func row(_ row: ResultRow) -> [UInt8] {
    rowCount += 1
    writer.field(row.line)
    writer.field(row.projectID)
    let cells = InputCells.cells(json: row.inputJSON) ?? []
    for index in 0..<inputColumnCount { writer.field(index < cells.count ? cells[index] : nil) }
    let integration = row.integration
    writer.field(row.outcome.rawValue)
    writer.field(row.httpStatus)
    writer.field(integration?.id)
    writer.field(integration?.brainID)
    writer.field(integration?.webhookURL)
    writer.field(integration?.webhookHost)
    writer.field(integration?.authType)
    writer.field(integration?.createdAt)
    writer.field(integration?.updatedAt)
    for _ in ["findings", "change", "changed_fields"] { writer.field(nil as String?) }
    writer.field(row.attempts)
    writer.field(row.durationMS)
    writer.field(row.fetchedAt)
    writer.field(row.credential)
    writer.field(row.error?.code.rawValue)
    writer.field(row.error?.message)
    return endRecord()
  }

  func end() -> [UInt8] { [] }

  private mutating func endRecord() -> [UInt8] {
    writer.endRecord()
    defer { writer.removeAll() }
    return writer.bytes
  }
}
