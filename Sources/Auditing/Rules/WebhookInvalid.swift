import InventoryModel

/// The webhook is no absolute http or https URL with a host.
enum WebhookInvalid: RowRule {
  static let rule = AuditRule.webhookInvalid

  static func detail(of row: AuditedRow) -> String? { row.webhookFault }

  /// Without anything of the URL: what is none may be anything, a key included.
  static func fault(of integration: Integration) -> String? {
    var url = integration.webhookURL
    if !isPlainHTTPS(&url) {
      let start = url.prefix(8).lowercased()
      guard start.hasPrefix("https://") || start.hasPrefix("http://") else {
        return "The webhook does not begin with https:// or http://."
      }
    }
    guard integration.webhookHost != nil else { return "The webhook's URL has no host." }
    guard !url.isOverLong else { return "The webhook's URL is longer than any server takes, and is kept in part." }
    let isClean = url.withUTF8 { bytes in
      bytes.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }
    }
    return isClean ? nil : "The webhook's URL has spaces, control characters or backslashes."
  }

  /// Whether the URL begins as nearly all do; those that don't may be right too. An accent behind the slashes would be one
  /// character with the second.
  private static func isPlainHTTPS(_ url: inout String) -> Bool {
    let start = "https://".utf8
    return url.withUTF8 { $0.starts(with: start) && $0.dropFirst(start.count).first.map { $0 < 0x80 } ?? false }
  }
}
