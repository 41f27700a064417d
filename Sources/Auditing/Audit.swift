package import InventoryModel

/// Applies the rules that need no more than a row. Those that look across rows are the ledger's.
package struct Audit: Sendable {
  private static let rules: [any RowRule.Type] = [
    WebhookInvalid.self, WebhookNotHTTPS.self, WebhookNotPublic.self, WebhookHasSecret.self, WebhookUnexpected.self,
    HostNotAllowed.self, SecretInResponse.self, UnexpectedField.self, NoAuth.self, UnknownAuthType.self,
    BrainMismatch.self, Stale.self, TimeInconsistent.self,
  ]

  private let settings: AuditSettings
  /// Index of the list's column that names the webhook there should be.
  private let expectedColumn: Int?

  /// - Parameter inputColumns: the list's other columns, in its order.
  package init(_ settings: AuditSettings, inputColumns: [String]) {
    self.settings = settings
    expectedColumn = ReservedColumn.expectedWebhook.index(in: inputColumns)
  }

  /// Whether findings depend on the row's other columns.
  package var readsInput: Bool { expectedColumn != nil }

  /// The row's findings, in no particular order; none unless the row is `found`.
  package func findings(of row: ResultRow) -> [Finding] {
    guard row.outcome == .found, let integration = row.integration else { return [] }
    let expected = expectedColumn.flatMap { column in
      InputCells.cells(json: row.inputJSON).flatMap { $0.indices.contains(column) ? $0[column] : nil }
    }
    let audited = AuditedRow(
      projectID: row.projectID, integration: integration, fetchedAt: row.fetchedAt.flatMap { Timestamp(rfc3339: $0) },
      expectedWebhook: expected, settings: settings)
    return Self.rules.compactMap { rule in rule.detail(of: audited).map { Finding(rule.rule, $0) } }
  }
}

/// A rule about one row with an integration.
protocol RowRule: SendableMetatype {
  static var rule: AuditRule { get }

  /// What is wrong, without secrets; nil when nothing is.
  static func detail(of row: AuditedRow) -> String?
}
