import InventoryModel
import Mustache

/// What the names of a row's template stand for; each value is made when the template asks for it. An absent one is
/// empty as a text, and as a section it is left out.
struct HTMLRow: MustacheParent {
  private let row: ResultRow
  private let inputColumnCount: Int

  init(_ row: ResultRow, inputColumnCount: Int) {
    self.row = row
    self.inputColumnCount = inputColumnCount
  }

  func child(named name: String) -> Any? {
    switch name {
    case "line": text(String(row.line))
    case "project_id": text(row.projectID.visibleLines)
    case "inputs": inputs
    case "outcome": text(row.outcome.rawValue)
    case "outcome_label": text(row.outcome.label)
    case "http_status": text(row.httpStatus.map(String.init))
    case "integration_id": text(row.integration?.id?.visibleLines)
    case "brain_id": text(row.integration?.brainID?.visibleLines)
    case "webhook_url": text(row.integration?.webhookURL.visibleLines)
    case "webhook_link": text(link)
    case "webhook_host": text(row.integration?.webhookHost?.visibleLines)
    case "auth_type": text(row.integration?.authType?.visibleLines)
    case "created_at": text(row.integration?.createdAt?.visibleLines)
    case "updated_at": text(row.integration?.updatedAt?.visibleLines)
    case "findings": row.findings.map(values)
    case "attempts": text(String(row.attempts))
    case "duration_ms": text(row.durationMS.map(String.init))
    case "fetched_at": text(row.fetchedAt)
    case "credential": text(row.credential?.visibleLines)
    case "error_code": text(row.error?.code.rawValue)
    case "error_message": text(row.error?.message.visibleLines)
    default: nil
    }
  }

  /// nil rather than an empty text: the library takes its time to find out that a section's value is empty.
  private func text(_ value: String?) -> TemplateText? {
    guard let value, !value.isEmpty else { return nil }
    return TemplateText(value)
  }

  /// As many as the list has columns, so that every row has the same cells.
  private var inputs: [TemplateText] {
    let cells = InputCells.cells(json: row.inputJSON) ?? []
    return (0..<inputColumnCount).map { index in
      TemplateText(index < cells.count ? cells[index]?.visibleLines ?? "" : "")
    }
  }

  private func values(of finding: Finding) -> TemplateValues {
    var values = TemplateValues()
    values.set("severity", finding.severity.rawValue)
    values.set("rule", finding.rule.rawValue)
    values.set("detail", finding.detail.visibleLines)
    return values
  }

  /// What browsers take as an address.
  private static let longestLink = 2048

  /// Only http and https may be followed from a report; a text with anything invisible in it is no link.
  private var link: String? {
    guard let url = row.integration?.webhookURL, url.utf8.count <= Self.longestLink else { return nil }
    let scheme = url.prefix(8).lowercased()
    guard scheme.hasPrefix("https://") || scheme.hasPrefix("http://") else { return nil }
    return url.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? url : nil
  }
}

extension String {
  /// As `visible`, but for line breaks, which a page shows as such.
  fileprivate var visibleLines: String {
    guard utf8.contains(UInt8(ascii: "\n")) else { return visible }
    return unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0.last == "\r" ? $0.dropLast() : $0).visible }
      .joined(separator: "\n")
  }
}
