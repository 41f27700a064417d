import InventoryModel

/// The webhook is no absolute http or https URL with a host.
enum WebhookInvalid: RowRule {
  static let rule = AuditRule.webhookInvalid

  static func detail(of row: AuditedRow) -> String? { fault(of: row.integration) }

  /// Without anything of the URL: what is none may be anything, a key included.
  static func fault(of integration: Integration) -> String? {
    let url = integration.webhookURL
    let start = url.prefix(8).lowercased()
    guard start.hasPrefix("https://") || start.hasPrefix("http://") else {
      return "The webhook does not begin with https:// or http://."
    }
    guard integration.webhookHost != nil else { return "The webhook's URL has no host." }
    guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else {
      return "The webhook's URL has spaces, control characters or backslashes."
    }
    return nil
  }
}
