import InventoryModel

/// The integration's times contradict each other, or the clock.
enum TimeInconsistent: RowRule {
  static let rule = AuditRule.timeInconsistent

  static func detail(of row: AuditedRow) -> String? {
    let (created, updated) = (row.createdAt, row.updatedAt)
    var faults: [String] = []
    if let created, let updated, updated < created { faults.append("updated \(updated) before created \(created)") }
    if let fetched = row.fetchedAt {
      if let created, created > fetched { faults.append("created in the future: \(created)") }
      if let updated, updated > fetched { faults.append("updated in the future: \(updated)") }
    }
    return faults.isEmpty ? nil : faults.joined(separator: "; ")
  }
}
