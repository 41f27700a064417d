/// What an audit holds against the integrations.
package struct AuditSettings: Sendable {
  /// Hosts that webhooks may have; empty for any.
  package var allowedHosts: [HostPattern]
  /// Days without an update after which an integration is stale.
  package var staleAfterDays: Int

  package init(allowedHosts: [HostPattern] = [], staleAfterDays: Int = 365) {
    self.allowedHosts = allowedHosts
    self.staleAfterDays = staleAfterDays
  }
}
