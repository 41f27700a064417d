package import InventoryModel
import TextFormats

extension AuditRule {
  package static let stale = AuditRule("stale", .low)
}

extension Rule {
  /// The integration has not been updated for a long time.
  static let stale = Rule(
    .stale,
    en: "Not updated for a long time",
    es: "Sin actualizaciones desde hace mucho tiempo",
    pt: "Sem atualizações há muito tempo"
  ) { row in
    guard let updated = row.updatedAt, let fetched = row.fetchedAt,
      fetched.milliseconds - updated.milliseconds > Int64(row.settings.staleAfterDays) * 86_400_000
    else { return nil }
    let limit = row.settings.staleAfterDays.counted("day", "days")
    return "Last updated \(updated.description.prefix(10)), more than \(limit) ago."
  }
}
