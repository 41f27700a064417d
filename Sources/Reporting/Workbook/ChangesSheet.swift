import InventoryModel

/// The sheet of changes: the rows that differ from earlier answers, then the projects that are no longer in the list.
enum ChangesSheet {
  /// The value in the column `change` for a project that is no longer in the list.
  static let unlisted = "unlisted"

  private static let fields = [
    "line", "project_id", "change", "changed_fields", "outcome", "webhook_url", "last_good_webhook_url", "last_good_at",
  ].map(RecordField.named)

  static let table = SheetTable(
    name: "Changes", columns: fields.map { SheetTable.Column($0, cellColors: cellColors(of: $0)) }, frozenColumns: 2)

  private static func cellColors(of field: RecordField) -> [(value: String, cellColor: CellColor)] {
    switch field.column {
    case "change":
      Change.allCases.filter { $0 != .unchanged }.map { ($0.rawValue, $0.cellColor) } + [(unlisted, .grey)]
    case "outcome": Outcome.allCases.map { ($0.rawValue, $0.cellColor) }
    default: []
    }
  }

  static func whyEmpty(_ run: ReportedRun) -> String {
    if run.record.held != nil { return "The run is held: its rows are not compared with earlier answers." }
    return run.overview.changes.total == 0
      ? "No row could be compared: the database holds no earlier run, or nothing that could be asked for."
      : "All rows are as they were last answered."
  }

  /// Returns the cells of a row; nil if the row is unchanged or was not compared.
  static func cells(_ row: borrowing ResultRow) -> [SheetCell]? {
    guard let change = row.change, change != .unchanged else { return nil }
    var cells: [SheetCell] = []
    for field in fields { cells.append(SheetCell(field, of: row)) }
    return cells
  }

  static func cells(_ project: UnlistedProject) -> [SheetCell] {
    fields.map { field in
      switch field.column {
      case "project_id": .text(project.projectID)
      case "change": .text(unlisted)
      case "last_good_webhook_url": .address(project.lastGood?.webhookURL)
      case "last_good_at": .time(project.lastGood?.at)
      default: .empty
      }
    }
  }
}
