package import InventoryModel

extension AuditRule {
  package static let timeInconsistent = AuditRule("time-inconsistent", .low)
}

extension Rule {
  /// The integration's times are inconsistent with each other or lie in the future.
  static let timeInconsistent = Rule(
    .timeInconsistent,
    en: "Inconsistent dates",
    es: "Fechas incoherentes",
    pt: "Datas inconsistentes"
  ) { row in
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
