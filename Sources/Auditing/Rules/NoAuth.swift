package import InventoryModel

extension AuditRule {
  package static let noAuth = AuditRule("no-auth", .medium)
}

extension Rule {
  /// The gateway does not authenticate to the webhook: anyone can send it events.
  static let noAuth = Rule(
    .noAuth, en: "Webhook without authentication", es: "Webhook sin autenticación", pt: "Webhook sem autenticação"
  ) { row in
    row.integration.authType == "no_auth" ? "The gateway calls the webhook without authentication." : nil
  }
}
