import InventoryModel

/// A row with an integration, and all that the rules compare it with.
struct AuditedRow {
  let projectID: String
  let integration: Integration
  let fetchedAt: Timestamp?
  /// The list's cell `expected_webhook`; nil when there is none.
  let expectedWebhook: String?
  let settings: AuditSettings

  /// Why the webhook is no absolute http or https URL; nil when it is one.
  let webhookFault: String?
  /// The webhook's host, lower case, where the URL is an absolute http or https one.
  let webhookHost: String?
  /// nil where there is none, or one that can't be read.
  let createdAt: Timestamp?
  let updatedAt: Timestamp?

  init(
    projectID: String, integration: Integration, fetchedAt: Timestamp?, expectedWebhook: String?,
    settings: AuditSettings
  ) {
    self.projectID = projectID
    self.integration = integration
    self.fetchedAt = fetchedAt
    self.expectedWebhook = expectedWebhook
    self.settings = settings
    webhookFault = WebhookInvalid.fault(of: integration)
    webhookHost = webhookFault == nil ? integration.webhookHost : nil
    createdAt = integration.createdAt.flatMap { Timestamp(rfc3339: $0) }
    updatedAt = integration.updatedAt.flatMap { Timestamp(rfc3339: $0) }
  }
}
