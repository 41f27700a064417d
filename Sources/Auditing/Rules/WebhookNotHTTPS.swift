package import InventoryModel
import TextFormats

extension AuditRule {
  package static let webhookNotHTTPS = AuditRule("webhook-not-https", .high)
}

extension Rule {
  /// The gateway sends events over plain HTTP.
  static let webhookNotHTTPS = Rule(
    .webhookNotHTTPS, en: "Webhook without HTTPS", es: "Webhook sin HTTPS", pt: "Webhook sem HTTPS"
  ) { row in
    guard row.webhook.fault == nil, row.webhook.scheme == .http, let host = row.webhook.host else { return nil }
    return "Events are sent to \(host.clipped(to: 100)) unencrypted (HTTP)."
  }
}
