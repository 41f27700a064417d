package import InventoryModel

extension ChangeRow: DataRow {
  static let layout = DataLayout(
    names: [
      "line", "project_id", "change", "changed_fields", "outcome", "previous_outcome", "webhook_url",
      "previous_webhook_url", "last_good_webhook_url", "last_good_at",
    ],
    tableColumns: [
      TableColumn(title: "LINE", isNumber: true), TableColumn(title: "CHANGE"), TableColumn(title: "PROJECT"),
      TableColumn(title: "WHAT"),
    ])

  var values: [DataValue] {
    [
      .number(line), .text(projectID), .text(kind), .list(changedFields), .text(outcome?.rawValue),
      .text(previousOutcome?.rawValue), .text(integration?.webhookURL), .text(previousIntegration?.webhookURL),
      .text(lastGood?.webhookURL), .text(lastGood?.at),
    ]
  }

  var tableCells: [String] { [line.map(String.init) ?? "", kind, projectID, whatChanged] }

  private var whatChanged: String {
    switch change {
    case .changed:
      let fields = changedFields.joined(separator: ", ")
      guard changedFields.contains("webhook_url") else { return fields }
      return "\(fields): \(previousIntegration?.webhookURL ?? "?") → \(integration?.webhookURL ?? "?")"
    case .gone: return "was \(previousIntegration?.webhookURL ?? "?")"
    case .unknown: return "\(outcome?.rawValue ?? "?"), \(whatWasKnown)"
    case .new, .added, .unchanged: return integration?.webhookURL ?? "no integration"
    case nil: return whatWasKnown
    }
  }

  private var whatWasKnown: String {
    guard let lastGood else { return "never answered" }
    return "\(lastGood.webhookURL ?? "no integration") on \(lastGood.at.prefix(10))"
  }
}
