package import InventoryModel
import TextFormats

extension AuditRule {
  package static let webhookNotPublic = AuditRule("webhook-not-public", .high)
}

extension Rule {
  /// The webhook is in a place that the gateway cannot or should not reach.
  static let webhookNotPublic = Rule(
    .webhookNotPublic,
    en: "Webhook not reachable from the internet",
    es: "Webhook inaccesible desde internet",
    pt: "Webhook inacessível pela internet"
  ) { row in
    guard row.webhook.fault == nil, let host = row.webhook.host, let kind = HostReach.privateKind(of: host) else {
      return nil
    }
    return "The host \(host.clipped(to: 100)) is \(kind)."
  }
}
