package import InventoryModel

extension AuditRule {
  package static let webhookHasSecret = AuditRule("webhook-has-secret", .high)
}

extension Rule {
  /// The webhook URL contains a secret, which everyone who sees the URL can read.
  static let webhookHasSecret = Rule(
    .webhookHasSecret,
    en: "Secret in the webhook URL",
    es: "Secreto en la URL del webhook",
    pt: "Segredo na URL do webhook"
  ) { row in
    let places = row.webhook.secretPlaces
    return places.isEmpty ? nil : "The URL contains a secret in: \(places.joined(separator: ", "))"
  }
}
