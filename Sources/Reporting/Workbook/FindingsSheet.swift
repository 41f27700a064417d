import InventoryModel

/// The sheet of audit findings: one row for each finding, in the order of the inventory's rows.
enum FindingsSheet {
  static let table = SheetTable(
    name: "Findings",
    columns: [
      .init(name: "line", width: 8), .init(name: "project_id", width: 38),
      .init(name: "severity", width: 11, cellColors: Severity.allCases.map { ($0.rawValue, $0.cellColor) }),
      .init(name: "rule", width: 22), .init(name: "detail", width: 90),
    ], frozenColumns: 2)

  static let whyEmpty = "No rule has found anything."

  static func rows(_ row: ResultRow) -> [[SheetCell]] {
    row.findings.map { finding in
      [
        .number(row.line), .text(row.projectID), .text(finding.severity.rawValue), .text(finding.rule.name),
        .text(finding.detail),
      ]
    }
  }
}
