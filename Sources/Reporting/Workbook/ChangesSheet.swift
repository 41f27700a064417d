import InventoryModel

/// The sheet of what is not as it was: the rows that differ from the answers before, then the projects that are no
/// longer in the list.
enum ChangesSheet {
  /// What is said of the latter.
  static let unlisted = "unlisted"

  static let table = SheetTable(
    name: "Changes",
    columns: [
      .init(name: "line", width: 8), .init(name: "project_id", width: 38),
      .init(
        name: "change", width: 12,
        tints: Change.allCases.filter { $0 != .unchanged }.map { ($0.rawValue, $0.tint) } + [(unlisted, .grey)]),
      .init(name: "changed_fields", width: 24),
      .init(name: "outcome", width: 17, tints: Outcome.allCases.map { ($0.rawValue, $0.tint) }),
      .init(name: "webhook_url", width: 56), .init(name: "last_good_webhook_url", width: 56),
      .init(name: "last_good_at", width: 24),
    ], frozenColumns: 2)

  static func whyEmpty(_ run: ReportedRun) -> String {
    if run.record.held != nil { return "The run is held: its rows are not compared with earlier answers." }
    return run.overview.changes.total == 0
      ? "No row could be compared: the database holds no earlier run, or nothing that could be asked for."
      : "All rows are as they were last answered."
  }

  /// nil for a row that belongs elsewhere.
  static func cells(_ row: ResultRow) -> [SheetCell]? {
    guard let change = row.change, change != .unchanged else { return nil }
    return [
      .number(row.line), .text(row.projectID), .text(change.rawValue),
      .text(row.changedFields.joined(separator: ";")), .text(row.outcome.rawValue),
      .address(row.integration?.webhookURL), .address(row.lastGood?.webhookURL), .time(row.lastGood?.at),
    ]
  }

  static func cells(_ project: UnlistedProject) -> [SheetCell] {
    [
      .empty, .text(project.projectID), .text(unlisted), .empty, .empty, .empty, .address(project.lastGood?.webhookURL),
      .time(project.lastGood?.at),
    ]
  }
}
