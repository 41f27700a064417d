package import InventoryModel
import TextFormats

extension AuditRule {
  package static let webhookUnexpected = AuditRule("webhook-unexpected", .high)
}

extension Rule {
  /// The webhook differs from the list's column `expected_webhook`.
  static let webhookUnexpected = Rule(
    .webhookUnexpected,
    en: "Webhook differs from the expected one",
    es: "Webhook distinto del esperado",
    pt: "Webhook diferente do esperado"
  ) { row in
    guard let cell = row.expectedWebhook?.trimmingSpace(), !cell.isEmpty else { return nil }
    // Both are masked, so that secrets themselves are not compared.
    let (found, expected) = (row.webhook, Webhook(cell))
    guard !expected.url.isExactly(found.url) else { return nil }
    // A text that is not a URL may be anything, a key included.
    guard let expectedHost = expected.host else { return "The expected webhook is not a URL with a host." }
    if expectedHost != found.host {
      return "The host is \((found.host ?? "none").clipped(to: 80)); expected: \(expectedHost.clipped(to: 80))"
    }
    return "The URL is \(found.url.clipped(to: 85)); expected: \(expected.url.clipped(to: 85))"
  }
}
