package import InventoryModel

extension AuditRule {
  package static let webhookHasSecret = AuditRule("webhook-has-secret", .high)
}

extension Rule {
  /// The webhook's URL carries a secret, which everyone who sees the URL can read.
  static let webhookHasSecret = Rule(
    .webhookHasSecret,
    en: "Secret in a webhook's address",
    es: "Secreto en la dirección de un webhook",
    pt: "Segredo no endereço de um webhook"
  ) { row in
    let places = row.webhook.secretPlaces
    return places.isEmpty ? nil : "The URL holds a secret in: \(places.joined(separator: ", "))"
  }
}
