import InventoryModel
import TextFormats

/// A row with an integration, parsed once for all rules, and what they compare it with.
struct AuditedRow {
  let projectID: String
  let integration: Integration
  let webhook: Webhook
  let extraFields: ExtraFields
  let fetchedAt: Timestamp?
  /// The list's cell `expected_webhook`; nil when there is none.
  let expectedWebhook: String?
  let settings: AuditSettings
  /// nil when the time is missing or can't be read.
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
    webhook = integration.webhook
    extraFields = ExtraFields(json: integration.extraJSON)
    createdAt = integration.createdAt.flatMap { Timestamp(rfc3339: $0) }
    updatedAt = integration.updatedAt.flatMap { Timestamp(rfc3339: $0) }
  }
}

/// The names of the fields that this program does not know, read from ``Integration/extraJSON``.
struct ExtraFields {
  /// Names of the outermost members that are not secrets.
  private(set) var names: [String] = []
  /// Names, at any depth, of members whose value was masked because of the name; each once.
  private(set) var secretNames: [String] = []

  init(json: String) {
    guard json != "{}", case .object(let fields)? = try? JSONReader.value(in: json) else { return }
    for name in JSONValue.object(fields).names(ofMembersWith: Redaction.mask) where Self.isSecret(name) {
      if !secretNames.contains(where: name.isExactly) { secretNames.append(name) }
    }
    names = fields.members.filter { member in
      if case .string(Redaction.mask) = member.value { !Self.isSecret(member.name) } else { true }
    }.map(\.name)
  }

  private static func isSecret(_ name: String) -> Bool {
    Redaction.isSecretField(name) || name.lowercased() == "value"
  }
}
