package import InventoryModel
import TextFormats

extension AuditRule {
  package static let hostNotAllowed = AuditRule("host-not-allowed", .high)
}

extension Rule {
  /// The webhook's host matches no `--allow-host`.
  static let hostNotAllowed = Rule(
    .hostNotAllowed,
    en: "Webhook host not allowed",
    es: "Host de webhook no permitido",
    pt: "Host de webhook não permitido"
  ) { row in
    let allowed = row.settings.allowedHosts
    guard !allowed.isEmpty, let host = row.webhook.host, !allowed.contains(where: { $0.matches(host) }) else {
      return nil
    }
    return "No --allow-host matches \(host.clipped(to: 150))."
  }
}
