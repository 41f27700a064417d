import InventoryModel

/// The inventory for programs: a JSON object a line, every key in every one, nothing escaped for spreadsheets.
struct JSONLinesReport: ReportWriter {
  private(set) var rowCount = 0
  private var json = JSONText()

  func begin() -> [UInt8] { [] }

  mutating func row(_ row: ResultRow) -> [UInt8] {
    rowCount += 1
    json.removeAll()
    json.object { json in
      json.key("line")
      json.value(row.line)
      json.key("project_id")
      json.value(row.projectID)
      json.key("input")
      json.raw(row.inputJSON)
      json.key("outcome")
      json.value(row.outcome.rawValue)
      json.key("http_status")
      json.value(row.httpStatus)
      json.key("integration")
      Self.write(row.integration, to: &json)
      json.key("findings")
      json.raw("[]")
      json.key("change")
      json.raw("null")
      json.key("changed_fields")
      json.raw("[]")
      json.key("attempts")
      json.value(row.attempts)
      json.key("duration_ms")
      json.value(row.durationMS)
      json.key("fetched_at")
      json.value(row.fetchedAt)
      json.key("credential")
      json.value(row.credential)
      json.key("error")
      Self.write(row.error, to: &json)
    }
    json.newline()
    return json.bytes
  }

  func end() -> [UInt8] { [] }

  private static func write(_ integration: Integration?, to json: inout JSONText) {
    guard let integration else { return json.raw("null") }
    json.object { json in
      json.key("id")
      json.value(integration.id)
      json.key("brain_id")
      json.value(integration.brainID)
      json.key("webhook_url")
      json.value(integration.webhookURL)
      json.key("webhook_host")
      json.value(integration.webhookHost)
      json.key("auth_type")
      json.value(integration.authType)
      json.key("created_at")
      json.value(integration.createdAt)
      json.key("updated_at")
      json.value(integration.updatedAt)
      json.key("extra")
      json.raw(integration.extraJSON)
    }
  }

  private static func write(_ error: RowError?, to json: inout JSONText) {
    guard let error else { return json.raw("null") }
    json.object { json in
      json.key("code")
      json.value(error.code.rawValue)
      json.key("message")
      json.value(error.message)
    }
  }
}
