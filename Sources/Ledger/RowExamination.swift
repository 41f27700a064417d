import InventoryModel

/// A finding of one row.
struct RowFinding: Sendable {
  var line: Int
  var projectID: String
  var finding: Finding
}

/// Looks at the rows of a run one by one, in any order: for their own findings, and for what several of them may have.
struct RowExamination: Sendable {
  private(set) var webhooks = RepeatedTexts()
  private(set) var projects: RepeatedTexts

  /// - Parameter projects: those that several rows have, where they are known.
  init(projects: RepeatedTexts = RepeatedTexts()) { self.projects = projects }

  /// The row's own findings.
  mutating func examine(_ row: ResultRow, by findings: (ResultRow) -> [Finding]) -> [RowFinding] {
    if let url = row.integration?.webhookURL { webhooks.note(url) }
    projects.note(row.projectID)
    return findings(row).map { RowFinding(line: row.line, projectID: row.projectID, finding: $0) }
  }
}
