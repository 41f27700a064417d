package import InventoryModel
import TextFormats

/// Applies the rules that need only one row. The ledger applies those that compare rows.
package struct Audit: Sendable {
  private let settings: AuditSettings
  /// Index of the list's column `expected_webhook`; nil when there is none.
  private let expectedColumn: Int?

  /// - Parameter inputColumns: the list's other columns, in its order.
  package init(_ settings: AuditSettings, inputColumns: [String]) {
    self.settings = settings
    expectedColumn = ReservedColumn.expectedWebhook.index(in: inputColumns)
  }

  /// The row's findings, in no particular order; none unless the row is `found`.
  package func findings(of row: ResultRow) -> [Finding] {
    guard row.outcome == .found, let integration = row.integration else { return [] }
    let expected = expectedColumn.flatMap { column in
      InputCells.cells(json: row.inputJSON).flatMap { $0.indices.contains(column) ? $0[column] : nil }
    }
    let audited = AuditedRow(
      projectID: row.projectID, integration: integration, fetchedAt: row.fetchedAt.flatMap { Timestamp(rfc3339: $0) },
      expectedWebhook: expected, settings: settings)
    return Rule.all.compactMap { rule in rule.detail?(audited).map { Finding(rule.rule, $0) } }
  }
}

/// What the audit compares integrations with.
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
