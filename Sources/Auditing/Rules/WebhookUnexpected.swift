import InventoryModel

/// The webhook is another than the list's column `expected_webhook` says.
enum WebhookUnexpected: RowRule {
  static let rule = AuditRule.webhookUnexpected

  static func detail(of row: AuditedRow) -> String? {
    guard let cell = row.expectedWebhook?.trimmingSpace(), !cell.isEmpty else { return nil }
    // The stored URL is masked, so that secrets themselves can't be compared.
    let expected = WebhookURL.masked(cell)
    let found = row.integration.webhookURL
    guard !expected.isExactly(found) else { return nil }
    // A text that is no URL may be anything, a key included.
    guard let expectedHost = WebAddress.host(ofURL: expected) else {
      return "The expected webhook is no URL with a host."
    }
    if expectedHost != row.integration.webhookHost {
      let host = row.integration.webhookHost ?? "none"
      return "The host is \(host.clipped(to: 80)); expected: \(expectedHost.clipped(to: 80))"
    }
    return "The URL is \(found.clipped(to: 85)); expected: \(expected.clipped(to: 85))"
  }
}
