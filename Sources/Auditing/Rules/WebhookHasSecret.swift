import InventoryModel

/// The webhook's URL carries a secret, which everyone who sees the URL has then.
enum WebhookHasSecret: RowRule {
  static let rule = AuditRule.webhookHasSecret

  static func detail(of row: AuditedRow) -> String? {
    let places = WebhookURL.secretPlaces(in: row.integration.webhookURL)
    return places.isEmpty ? nil : "The URL holds a secret in: \(places.joined(separator: ", "))"
  }
}
