import DelimitedText
import InventoryModel

/// The inventory for spreadsheets and other programs, in the dialect of a ``CSVProfile``.
struct CSVReport: ReportWriter {
  /// All columns, in order.
  let columns: [String]
  private(set) var rowCount = 0
  private let inputColumnCount: Int
  /// Cells that the profile has altered.
  private(set) var alteredCells: Int? = 0
  private let profile: CSVProfile
  private var writer: DelimitedWriter

  /// - Parameter inputColumns: the list's other columns; one that collides becomes `input_NAME`.
  init(inputColumns: [String], profile: CSVProfile = .rfc4180) {
    self.profile = profile
    writer = DelimitedWriter(delimiter: profile.delimiter)
    columns = InventoryColumns(inputColumns: inputColumns).all
    inputColumnCount = inputColumns.count
  }

  mutating func begin() -> [UInt8] {
    for column in columns { text(column) }
    writer.endRecord()
    return profile.mark + writer.bytes
  }

  mutating func rows(_ rows: Span<ResultRow>) -> [UInt8] {
    rowCount += rows.count
    writer.removeAll()
    for index in rows.indices { append(rows[index]) }
    return writer.bytes
  }

  private mutating func append(_ row: borrowing ResultRow) {
    writer.field(row.line)
    text(row.projectID, isIdentifier: true)
    let cells = InputCells.cells(json: row.inputJSON) ?? []
    for index in 0..<inputColumnCount { text(index < cells.count ? cells[index] : nil) }
    let integration = row.integration
    writer.field(row.outcome.rawValue)
    writer.field(row.httpStatus)
    text(integration?.id, isIdentifier: true)
    text(integration?.brainID, isIdentifier: true)
    text(integration?.webhookURL)
    text(integration?.webhookHost)
    text(integration?.authType)
    text(integration?.createdAt)
    text(integration?.updatedAt)
    writer.field(row.findings.isEmpty ? nil : row.findings.map(\.rule.rawValue).joined(separator: ";"))
    writer.field(row.change?.rawValue)
    writer.field(row.changedFields.isEmpty ? nil : row.changedFields.joined(separator: ";"))
    writer.field(row.attempts)
    writer.field(row.durationMS)
    writer.field(row.fetchedAt)
    text(row.credential)
    writer.field(row.error?.code.rawValue)
    text(row.error?.message)
    writer.endRecord()
  }

  func end() -> [UInt8] { [] }

  private mutating func text(_ value: String?, isIdentifier: Bool = false) {
    guard let value, let altered = profile.alteration(of: value, isIdentifier: isIdentifier) else {
      return writer.field(value)
    }
    alteredCells = (alteredCells ?? 0) + 1
    writer.field(altered)
  }
}
