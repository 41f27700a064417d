package import InventoryModel

/// The inventory for programs: a JSON object a line, every key in every one, nothing escaped for spreadsheets.
package struct JSONLinesReport: ReportWriter, Sendable {
  package private(set) var rowCount = 0
  private var json = JSONText()

  package init() {}

  func begin() -> [UInt8] { [] }

  mutating func rows(_ rows: Span<ResultRow>) -> [UInt8] {
    json.removeAll()
    for index in rows.indices { append(rows[index]) }
    return json.bytes
  }

  /// One row alone.
  package mutating func row(_ row: borrowing ResultRow) -> [UInt8] {
    json.removeAll()
    append(row)
    return json.bytes
  }

  private mutating func append(_ row: borrowing ResultRow) {
    rowCount += 1
    json.object { json in
      json.member("line", row.line)
      json.member("project_id", row.projectID)
      json.member("input", raw: row.inputJSON)
      json.member("outcome", row.outcome.rawValue)
      json.member("http_status", row.httpStatus)
      json.key("integration")
      Self.write(row.integration, to: &json)
      json.key("findings")
      json.array { json in for finding in row.findings { Self.write(finding, to: &json) } }
      json.member("change", row.change?.rawValue)
      json.key("changed_fields")
      json.array { json in for field in row.changedFields { json.value(field) } }
      json.member("attempts", row.attempts)
      json.member("duration_ms", row.durationMS)
      json.member("fetched_at", row.fetchedAt)
      json.member("credential", row.credential)
      json.key("error")
      Self.write(row.error, to: &json)
    }
    json.newline()
  }

  func end() -> [UInt8] { [] }

  private static func write(_ integration: Integration?, to json: inout JSONText) {
    guard let integration else { return json.raw("null") }
    json.object { json in
      json.member("id", integration.id)
      json.member("brain_id", integration.brainID)
      json.member("webhook_url", integration.webhookURL)
      json.member("webhook_host", integration.webhookHost)
      json.member("auth_type", integration.authType)
      json.member("created_at", integration.createdAt)
      json.member("updated_at", integration.updatedAt)
      json.member("extra", raw: integration.extraJSON)
    }
  }

  private static func write(_ finding: Finding, to json: inout JSONText) {
    json.object { json in
      json.member("rule", finding.rule.rawValue)
      json.member("severity", finding.severity.rawValue)
      json.member("detail", finding.detail)
    }
  }

  private static func write(_ error: RowError?, to json: inout JSONText) {
    guard let error else { return json.raw("null") }
    json.object { json in
      json.member("code", error.code.rawValue)
      json.member("message", error.message)
    }
  }
}
