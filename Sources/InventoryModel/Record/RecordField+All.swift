extension RecordField {
  /// Every field, in report order.
  ///
  /// To add a field of the gateway's API, add a property to ``Integration``, an entry here with a higher
  /// ``tableSeries`` than any other, and a schema migration of the ledger that adds its column to `results` and the
  /// views. List the field in the guide `Reports.md` and in `samples/inventory.schema.json`. The HTML report shows it
  /// as one of its additional columns.
  package static let all: [RecordField] = [
    RecordField(
      "line", .number, from: .list, jsonKey: "line", isRequired: true, width: 8,
      "The line of the list on which the row begins, counted from 1. Unique within a run.",
      get: { .number($0.line) }, set: .row({ $0.line = $1.number ?? 0 })),
    RecordField(
      "project_id", .identifier, from: .list, jsonKey: "project_id", isRequired: true, width: 38,
      "The project's ID. Always text: 007 stays 007.",
      get: { .text($0.projectID) }, set: .row({ $0.projectID = $1.text ?? "" })),
    // In tables, the list's own columns replace this field.
    RecordField(
      "input", .json, from: .list, jsonKey: "input", isRequired: true, tableSeries: nil,
      "The list's other columns, as a JSON object. To read one: input ->> '$.owner'.",
      get: { .json($0.inputJSON) }, set: .row({ $0.inputJSON = $1.text ?? "{}" })),
    RecordField(
      "outcome", .text, from: .answer, jsonKey: "outcome", width: 17,
      "found, not_found, unauthorized, invalid_response, failed, invalid_id or skipped. NULL while the row is pending.",
      get: { .text($0.outcome.rawValue) }, set: .row({ $0.outcome = $1.text.flatMap(Outcome.init) ?? $0.outcome })),
    RecordField(
      "http_status", .number, from: .answer, jsonKey: "http_status", width: 13,
      "HTTP status of the last response. NULL if there was none.",
      get: { .number($0.httpStatus) }, set: .row({ $0.httpStatus = $1.number })),
    integration(
      "integration_id", .identifier, jsonKey: "id", gatewayKey: "id", isCompared: true, width: 26,
      "The integration's ID. Like all columns of the integration, NULL unless the outcome is found.",
      get: { .text($0.integration?.id) }, set: { $0.id = $1 }),
    integration(
      "brain_id", .identifier, gatewayKey: "brainId", isCompared: true, width: 26,
      "The project's ID according to the gateway.",
      get: { .text($0.integration?.brainID) }, set: { $0.brainID = $1 }),
    integration(
      "webhook_url", .url, gatewayKey: "webhookUrl", isCompared: true, width: 56,
      "The URL to which the gateway sends events. Secrets in it are replaced by ***.",
      get: { .text($0.integration?.webhookURL) }, set: { $0.webhookURL = $1 ?? $0.webhookURL }),
    // The host is derived from the URL, so a difference in it is not a further change.
    integration(
      "webhook_host", .text, gatewayKey: nil, isCompared: false, width: 28,
      "The host of the webhook's URL, in lower case and without the port.",
      get: { .text($0.integration?.webhookHost) }, set: { $0.webhookHost = $1 }),
    integration(
      "auth_type", .text, gatewayKey: "authType", isCompared: true, width: 12,
      "How the gateway authenticates to the webhook, such as no_auth or bearer.",
      get: { .text($0.integration?.authType) }, set: { $0.authType = $1 }),
    integration(
      "created_at", .time, gatewayKey: "createdAt", isCompared: true, width: 24,
      "When the integration was created. A time that can't be parsed stays as received.",
      get: { .text($0.integration?.createdAt) }, set: { $0.createdAt = $1 }),
    integration(
      "updated_at", .time, gatewayKey: "updatedAt", isCompared: true, width: 24,
      "When the integration was last updated.",
      get: { .text($0.integration?.updatedAt) }, set: { $0.updatedAt = $1 }),
    integration(
      "extra", .json, gatewayKey: nil, isCompared: true, tableSeries: nil,
      "Fields of the answer that this version does not know, as a JSON object.",
      get: { .json($0.integration?.extraJSON) }, set: { $0.extraJSON = $1 ?? $0.extraJSON }),
    RecordField(
      "findings", .findings, from: .audit, jsonKey: "findings", width: 34,
      "The audit rules that matched, joined by ;, most severe first.",
      get: { .findings($0.findings) }, set: .row({ _, _ in })),
    RecordField(
      "change", .text, from: .comparison, jsonKey: "change", width: 12,
      "Compared with the newest earlier answer: new, added, unchanged, changed, gone or unknown. In latest_changes "
        + "also unlisted.",
      get: { .text($0.change?.rawValue) }, set: .row({ $0.change = $1.text.flatMap(Change.init) })),
    RecordField(
      "changed_fields", .list, from: .comparison, jsonKey: "changed_fields", width: 24,
      "The fields that differ, joined by ;, if the change is changed.",
      get: { .list($0.changedFields) },
      set: .row({ $0.changedFields = $1.text?.split(separator: ";").map(String.init) ?? [] })),
    RecordField(
      "attempts", .number, from: .answer, jsonKey: "attempts", isRequired: true, width: 11,
      "Number of requests sent for the project.",
      get: { .number($0.attempts) }, set: .row({ $0.attempts = $1.number ?? 0 })),
    RecordField(
      "duration_ms", .number, from: .answer, jsonKey: "duration_ms", width: 14,
      "Duration of the last request, in milliseconds.",
      get: { .number($0.durationMS) }, set: .row({ $0.durationMS = $1.number })),
    RecordField(
      "fetched_at", .time, from: .answer, jsonKey: "fetched_at", width: 24,
      "When the last response was received, or the last attempt failed.",
      get: { .text($0.fetchedAt) }, set: .row({ $0.fetchedAt = $1.text })),
    RecordField(
      "credential", .text, from: .list, jsonKey: "credential", width: 14,
      "Name of the credential that was used. The key for all projects is called default.",
      get: { .text($0.credential) }, set: .row({ $0.credential = $1.text })),
    RecordField(
      "error_code", .text, from: .answer, jsonKey: "code", group: .error, width: 22,
      "Why the row has no answer, as a code. NULL for found and not_found.",
      get: { .text($0.error?.code.rawValue) },
      set: .row({ row, value in row.error = value.text.map { RowError(ErrorCode(rawValue: $0), "") } })),
    // Must follow `error_code`: without a code there is no error.
    RecordField(
      "error_message", .text, from: .answer, jsonKey: "message", group: .error, width: 60,
      "Why the row has no answer, as a sentence: the gateway's message if it sent one.",
      get: { .text($0.error?.message) },
      set: .row({ row, value in row.error = row.error.map { RowError($0.code, value.text ?? "") } })),
    RecordField(
      "last_good_webhook_url", .url, from: .comparison, jsonKey: nil, tableSeries: nil, width: 56,
      "The webhook in the newest earlier answer, if the change is unknown or unlisted.",
      get: { .text($0.lastGood?.webhookURL) },
      set: .row({ row, value in row.lastGood = value.text.map { LastGood(webhookURL: $0, at: "") } })),
    // Must follow `last_good_webhook_url`. Without a time there is no earlier answer.
    RecordField(
      "last_good_at", .time, from: .comparison, jsonKey: nil, tableSeries: nil, width: 24,
      "The time of the newest earlier answer, if the change is unknown or unlisted.",
      get: { .text($0.lastGood?.at) },
      set: .row({ row, value in
        let url = row.lastGood?.webhookURL
        row.lastGood = value.text.map { LastGood(webhookURL: url, at: $0) }
      })),
  ]

  private static func integration(
    _ column: String, _ kind: Kind, jsonKey: String? = nil, gatewayKey: String?, isCompared: Bool,
    tableSeries: Int? = 0, width: Double = 20, _ meaning: String,
    get: @escaping @Sendable (borrowing ResultRow) -> FieldValue,
    set: @escaping @Sendable (inout Integration, String?) -> Void
  ) -> RecordField {
    RecordField(
      column, kind, from: .answer, jsonKey: jsonKey ?? column, group: .integration, isCompared: isCompared,
      tableSeries: tableSeries, width: width, meaning,
      get: get, set: .integration(gatewayKey: gatewayKey, set))
  }
}

extension RecordField {
  /// The columns of the table `results` that hold the record.
  package static let stored = all.filter { $0.origin != .audit }

  /// The fields of ``Integration``.
  package static let integration = all.filter { $0.group == .integration }

  /// The fields whose values come from the list.
  package static let listed = all.filter { $0.origin == .list }

  /// The fields whose values come from the answer to a request.
  package static let answered = all.filter { $0.origin == .answer }

  /// Returns the field of this column.
  ///
  /// - Precondition: The field exists.
  package static func named(_ column: String) -> RecordField {
    guard let field = all.first(where: { $0.column == column }) else {
      preconditionFailure("no field is called \(column)")
    }
    return field
  }
}
