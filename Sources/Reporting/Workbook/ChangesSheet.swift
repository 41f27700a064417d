import InventoryModel

/// The sheet of changes: the rows that differ from earlier answers, then the projects that are no longer in the list.
struct ChangesSheet {
  let table: SheetTable
  private let language: Language

  init(_ language: Language) {
    self.language = language
    table = SheetTable(
      name: language.word("sheet_name_changes"),
      columns: Self.fields.map { SheetTable.Column($0, cellColors: Self.cellColors(of: $0)) }, frozenColumns: 2)
  }

  /// The value in the column `change` for a project that is no longer in the list.
  static let unlisted = "unlisted"

  private static let fields = [
    "line", "project_id", "change", "changed_fields", "outcome", "webhook_url", "last_good_webhook_url", "last_good_at",
  ].map(RecordField.named)

  private static func cellColors(of field: RecordField) -> [(value: String, cellColor: CellColor)] {
    switch field.column {
    case "change":
      Change.allCases.filter { $0 != .unchanged }.map { ($0.rawValue, $0.cellColor) } + [(unlisted, .grey)]
    case "outcome": Outcome.allCases.map { ($0.rawValue, $0.cellColor) }
    default: []
    }
  }

  /// The note in an empty sheet.
  func whyEmpty(_ run: ReportedRun) -> String {
    if run.overview.changes.total > 0 { return language.word("changes_none") }
    return ReportSentences(language: language).whyNoChanges(run) ?? language.word("changes_none_valid")
  }

  /// Returns the cells of a row; nil if the row is unchanged or was not compared.
  func cells(_ row: borrowing ResultRow) -> [SheetCell]? {
    guard let change = row.change, change != .unchanged else { return nil }
    var cells: [SheetCell] = []
    for field in Self.fields { cells.append(SheetCell(field, of: row)) }
    return cells
  }

  func cells(_ project: UnlistedProject) -> [SheetCell] {
    Self.fields.map { field in
      switch field.column {
      case "project_id": .text(project.projectID)
      case "change": .text(Self.unlisted)
      case "last_good_webhook_url": .address(project.lastGood?.webhookURL)
      case "last_good_at": .time(project.lastGood?.at)
      default: .empty
      }
    }
  }
}
