package import InventoryModel

extension AuditRule {
  package static let noAuth = AuditRule("no-auth", .medium)
}

extension Rule {
  /// The gateway does not authenticate to the webhook: anyone may send it events.
  static let noAuth = Rule(
    .noAuth, en: "No authentication", es: "Sin autenticación", pt: "Sem autenticação"
  ) { row in
    row.integration.authType == "no_auth" ? "The webhook takes events without authentication." : nil
  }
}
