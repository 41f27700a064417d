import InventoryModel

/// The webhook's host is none of those that `--allow-host` names.
enum HostNotAllowed: RowRule {
  static let rule = AuditRule.hostNotAllowed

  static func detail(of row: AuditedRow) -> String? {
    let allowed = row.settings.allowedHosts
    guard !allowed.isEmpty, let host = row.integration.webhookHost, !allowed.contains(where: { $0.matches(host) })
    else { return nil }
    return "No --allow-host matches \(host.clipped(to: 150))."
  }
}
