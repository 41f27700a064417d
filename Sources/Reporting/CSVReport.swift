import DelimitedText
import InventoryModel

/// The CSV report, for spreadsheets and other programs, in the dialect of a ``CSVProfile``.
struct CSVReport: ReportWriter {
  static func fileName(_ profile: CSVProfile) -> String { profile.fileName }
  private static let leading = InventoryColumns.leadingFields
  private static let trailing = InventoryColumns.trailingFields

  /// All columns, in order.
  let columns: [String]
  private(set) var rowCount = 0
  private let inputColumnCount: Int
  /// Number of cells that the profile has altered.
  private(set) var alteredCells: Int? = 0
  private let profile: CSVProfile
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
    for index in Self.leading.indices { value(Self.leading[index].value(of: row), of: Self.leading[index].kind) }
    let cells = InputCells.cells(json: row.inputJSON) ?? []
    for index in 0..<inputColumnCount { text(index < cells.count ? cells[index] : nil) }
    for index in Self.trailing.indices { value(Self.trailing[index].value(of: row), of: Self.trailing[index].kind) }
    writer.endRecord()
  }

  func end() -> [UInt8] { [] }

  private mutating func value(_ value: FieldValue, of kind: RecordField.Kind) {
    if case .number(let number) = value {
      writer.field(number)
    } else {
      text(value.text, isIdentifier: kind == .identifier)
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
