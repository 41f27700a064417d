import InventoryModel

/// The gateway sends events over plain http.
enum WebhookNotHTTPS: RowRule {
  static let rule = AuditRule.webhookNotHTTPS

  static func detail(of row: AuditedRow) -> String? {
    let url = row.integration.webhookURL
    guard let host = row.webhookHost, !url.hasPrefix("https:"), url.prefix(5).lowercased() == "http:" else {
      return nil
    }
    return "Events go to \(host.clipped(to: 100)) unencrypted (http)."
  }
}
