import InventoryModel

/// The integration was not updated for a long time.
enum Stale: RowRule {
  static let rule = AuditRule.stale

  static func detail(of row: AuditedRow) -> String? {
    guard let updated = row.updatedAt, let fetched = row.fetchedAt,
      fetched.milliseconds - updated.milliseconds > Int64(row.settings.staleAfterDays) * 86_400_000
    else { return nil }
    let limit = row.settings.staleAfterDays.counted("day", "days")
    return "Last updated \(updated.description.prefix(10)), more than \(limit) ago."
  }
}
