import InventoryModel

/// The answer has fields that this program does not know; the API may have changed.
enum UnexpectedField: RowRule {
  static let rule = AuditRule.unexpectedField

  static func detail(of row: AuditedRow) -> String? {
    let names = ExtraFields(json: row.integration.extraJSON).names
    return names.isEmpty ? nil : "Unknown fields: \(names.joined(separator: ", "))"
  }
}
