import InventoryModel

/// The gateway does not authenticate to the webhook: anyone may send it events.
enum NoAuth: RowRule {
  static let rule = AuditRule.noAuth

  static func detail(of row: AuditedRow) -> String? {
    row.integration.authType == "no_auth" ? "The webhook takes events without authentication." : nil
  }
}
