import InventoryModel

/// The sheet of all rows: the columns of the CSV under the CSV's names.
struct InventorySheet {
  /// Columns that a sheet of Excel has.
  static let mostColumns = 16_384

  let table: SheetTable
  private let inputColumnCount: Int

  /// - Throws: ``TooManyColumns``.
  init(inputColumns: [String]) throws(TooManyColumns) {
    try ReportFormat.xlsx.check(inputColumns: inputColumns)
    let columns = InventoryColumns(inputColumns: inputColumns)
    inputColumnCount = columns.list.count
    let own = Set(columns.list.map(ExactText.init(_:)))
    table = SheetTable(
      name: "Inventory",
      columns: columns.all.map { name in
        SheetTable.Column(
          name: name, width: own.contains(ExactText(name)) ? 20 : Self.widths[name] ?? 20,
          tints: name == "outcome" ? Outcome.allCases.map { ($0.rawValue, $0.tint) } : [])
      }, frozenColumns: InventoryColumns.leading.count)
  }

  private static let widths: [String: Double] = [
    "line": 8, "project_id": 38, "outcome": 17, "http_status": 13, "integration_id": 26, "brain_id": 26,
    "webhook_url": 56, "webhook_host": 28, "auth_type": 12, "created_at": 24, "updated_at": 24, "findings": 34,
    "change": 12, "changed_fields": 24, "attempts": 11, "duration_ms": 14, "fetched_at": 24, "credential": 14,
    "error_code": 22, "error_message": 60,
  ]

  func cells(_ row: ResultRow) -> [SheetCell] {
    let inputs = InputCells.cells(json: row.inputJSON) ?? []
    let integration = row.integration
    var cells: [SheetCell] = [.number(row.line), .text(row.projectID)]
    for index in 0..<inputColumnCount { cells.append(.text(index < inputs.count ? inputs[index] : nil)) }
    cells += [
      .text(row.outcome.rawValue), .number(row.httpStatus), .text(integration?.id), .text(integration?.brainID),
      .address(integration?.webhookURL), .text(integration?.webhookHost), .text(integration?.authType),
      .time(integration?.createdAt), .time(integration?.updatedAt),
      .text(row.findings.map(\.rule.rawValue).joined(separator: ";")), .text(row.change?.rawValue),
      .text(row.changedFields.joined(separator: ";")), .number(row.attempts), .number(row.durationMS),
      .time(row.fetchedAt), .text(row.credential), .text(row.error?.code.rawValue), .text(row.error?.message),
    ]
    return cells
  }
}
