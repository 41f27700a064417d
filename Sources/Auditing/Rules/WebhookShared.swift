package import InventoryModel

extension AuditRule {
  package static let webhookShared = AuditRule("webhook-shared", .low)
}

extension Rule {
  /// Several projects have the same webhook. The ledger finds it by comparing rows.
  static let webhookShared = Rule(
    .webhookShared,
    en: "Webhook shared by several projects",
    es: "Webhook compartido por varios proyectos",
    pt: "Webhook compartilhado por vários projetos")
}
