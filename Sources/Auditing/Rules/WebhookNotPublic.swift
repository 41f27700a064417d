import InventoryModel

/// The webhook is in a place that the gateway can't reach, or should not.
enum WebhookNotPublic: RowRule {
  static let rule = AuditRule.webhookNotPublic

  static func detail(of row: AuditedRow) -> String? {
    guard let host = row.webhookHost, let kind = HostReach.privateKind(of: host) else { return nil }
    return "The host \(host.clipped(to: 100)) is \(kind)."
  }
}
