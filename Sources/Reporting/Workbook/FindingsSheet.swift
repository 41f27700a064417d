import InventoryModel

/// The sheet of audit findings: one row for each finding, in the order of the inventory's rows.
struct FindingsSheet {
  let table: SheetTable
  /// The note in an empty sheet.
  let whyEmpty: String

  init(_ language: Language) {
    table = SheetTable(name: language.word("sheet_name_findings"), columns: Self.columns, frozenColumns: 2)
    whyEmpty = language.word("findings_none")
  }

  private static let columns: [SheetTable.Column] = [
    .init(name: "line", width: 8), .init(name: "project_id", width: 38),
    .init(name: "severity", width: 11, cellColors: Severity.allCases.map { ($0.rawValue, $0.cellColor) }),
    .init(name: "rule", width: 22), .init(name: "detail", width: 90),
  ]

  func rows(_ row: ResultRow) -> [[SheetCell]] {
    row.findings.map { finding in
      [
        .number(row.line), .text(row.projectID), .text(finding.severity.rawValue), .text(finding.rule.name),
        .text(finding.detail),
      ]
    }
  }
}
