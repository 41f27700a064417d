import DelimitedText
import InventoryModel

/// The CSV report, for spreadsheets and other programs, in the dialect of a ``CSVProfile``.
struct CSVReport: ReportWriter {
  static func fileName(_ profile: CSVProfile) -> String { profile.fileName }

  /// What this report needs of a field. The fields themselves are shared with other threads, and counting references to
  /// them for every value would take longer than writing the value.
  private struct Cell {
    let value: @Sendable (borrowing ResultRow) -> FieldValue
    let isIdentifier: Bool

    init(_ field: RecordField) {
      value = field.value
      isIdentifier = field.kind == .identifier
    }
  }

  /// All columns, in order.
  let columns: [String]
  private(set) var rowCount = 0
  private let inputColumnCount: Int
  /// Number of cells that the profile has altered.
  private(set) var alteredCells: Int? = 0
  private let profile: CSVProfile
  private let leading = InventoryColumns.leadingFields.map(Cell.init)
  private let trailing = InventoryColumns.trailingFields.map(Cell.init)
  private var writer: DelimitedWriter

  /// - Parameter inputColumns: The list's other columns. A name that collides with another column becomes `input_NAME`.
  init(inputColumns: [String], profile: CSVProfile = .rfc4180) {
    self.profile = profile
    writer = DelimitedWriter(delimiter: profile.delimiter)
    columns = InventoryColumns(inputColumns: inputColumns).all
    inputColumnCount = inputColumns.count
  }

  init(_ request: ReportRequest) {
    self.init(inputColumns: request.run.record.inputColumns, profile: request.csvProfile)
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
    for cell in leading { append(cell, of: row) }
    let cells = InputCells.cells(json: row.inputJSON) ?? []
    for index in 0..<inputColumnCount { text(index < cells.count ? cells[index] : nil) }
    for cell in trailing { append(cell, of: row) }
    writer.endRecord()
  }

  func end() -> [UInt8] { [] }

  private mutating func append(_ cell: Cell, of row: borrowing ResultRow) {
    let value = cell.value(row)
    if case .number(let number) = value {
      writer.field(number)
    } else {
      text(value.text, isIdentifier: cell.isIdentifier)
    }
  }

  private mutating func text(_ value: String?, isIdentifier: Bool = false) {
    guard let value, let altered = profile.alteration(of: value, isIdentifier: isIdentifier) else {
      return writer.field(value)
    }
    alteredCells = (alteredCells ?? 0) + 1
    writer.field(altered)
  }
}
