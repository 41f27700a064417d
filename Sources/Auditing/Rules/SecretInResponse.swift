import InventoryModel

/// The answer held a secret, which it is documented not to do.
enum SecretInResponse: RowRule {
  static let rule = AuditRule.secretInResponse

  static func detail(of row: AuditedRow) -> String? {
    let names = ExtraFields(json: row.integration.extraJSON).secretNames
    return names.isEmpty ? nil : "The answer holds secrets in: \(names.joined(separator: ", "))"
  }
}
