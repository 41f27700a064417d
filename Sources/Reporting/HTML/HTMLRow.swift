import InventoryModel
import Mustache

/// What the names of a row's template stand for; each value is made when the template asks for it. An absent one is
/// empty as a text, and as a section it is left out.
struct HTMLRow: MustacheParent {
  /// What the rows of a page have in common.
  struct Style {
    let language: Language
    let words: TemplateValues
    let inputColumnCount: Int
    /// Whether there is a column for the credential: rows may have different ones.
    let hasCredentials: Bool
    /// Whether webhooks are links as they stand; in a long table the script makes them so, which halves its size.
    let hasLinks: Bool
    /// On which the run began, as `2026-11-24`.
    let day: String
  }

  private let row: ResultRow
  private let style: Style
  private let anchors: [String]

  init(_ row: ResultRow, style: Style, anchors: [String]) {
    self.row = row
    self.style = style
    self.anchors = anchors
  }

  func child(named name: String) -> Any? {
    switch name {
    case "words": style.words
    case "anchors": anchors.map(TemplateText.init)
    case "line": text(String(row.line))
    case "project_id": text(row.projectID.visibleLines)
    case "inputs": inputs
    case "outcome": text(row.outcome.rawValue)
    case "outcome_label": text(style.language.word("outcome_\(row.outcome.rawValue)"))
    case "change": text(row.change?.rawValue)
    case "change_label": text(row.change.map { style.language.word("change_\($0.rawValue)") })
    case "changed_fields": text(row.changedFields.isEmpty ? nil : row.changedFields.joined(separator: ", ").visible)
    case "last_good": row.lastGood == nil ? nil : true
    case "last_good_url":
      text(row.lastGood.map { $0.webhookURL?.visible ?? style.language.word("last_good_none") })
    case "last_good_at": text(day(row.lastGood?.at))
    case "http_status": text(row.httpStatus.map(String.init))
    case "integration_id": text(row.integration?.id?.visibleLines)
    case "brain_id": text(row.integration?.brainID?.visibleLines)
    case "webhook_url": text(row.integration?.webhookURL.visibleLines)
    case "webhook_link": text(link)
    case "webhook_long": isLong(row.integration?.webhookURL)
    case "webhook_host": text(row.integration?.webhookHost?.visibleLines)
    case "auth_type": text(row.integration?.authType?.visibleLines)
    case "created_at": text(day(row.integration?.createdAt))
    case "updated_at": text(day(row.integration?.updatedAt))
    case "findings": row.findings.map(values)
    case "attempts": text(String(row.attempts))
    case "duration_ms": text(row.durationMS.map(style.language.number))
    case "fetched_at": text(fetchedAt)
    case "credential": text(row.credential?.visibleLines)
    case "credential_column": style.hasCredentials ? true : nil
    case "error_code": text(row.error?.code.rawValue)
    case "error_message": text(row.error?.message.visibleLines)
    case "error_long": isLong(row.error?.message)
    default: nil
    }
  }

  /// nil rather than an empty text: the library takes its time to find out that a section's value is empty.
  private func text(_ value: String?) -> TemplateText? {
    guard let value, !value.isEmpty else { return nil }
    return TemplateText(value)
  }

  /// Bytes from which on a value may need scrolling in its cell.
  private static let long = 200

  private func isLong(_ value: String?) -> Bool? { (value?.utf8.count ?? 0) > Self.long ? true : nil }

  /// A day in the language's manner; a time that can't be read as it is.
  private func day(_ text: String?) -> String? {
    text.map { Timestamp(rfc3339: $0).map(style.language.date) ?? $0.visibleLines }
  }

  /// To the second, on the day on which the run began without the date.
  private var fetchedAt: String? {
    guard let text = row.fetchedAt else { return nil }
    guard let time = Timestamp(rfc3339: text) else { return text.visibleLines }
    let written = time.description
    let clock = String(written.dropFirst(11).prefix(8))
    return written.hasPrefix(style.day) ? clock : "\(style.language.date(time)) \(clock)"
  }

  /// As many as the list has columns, so that every row has the same cells.
  private var inputs: [TemplateValues] {
    let cells = InputCells.cells(json: row.inputJSON) ?? []
    return (0..<style.inputColumnCount).map { index in
      var values = TemplateValues()
      guard index < cells.count, let cell = cells[index] else { return values }
      values.set("text", cell.visibleLines)
      if isLong(cell) == true { values.set("is_long", true) }
      return values
    }
  }

  private func values(of finding: Finding) -> TemplateValues {
    var values = TemplateValues()
    values.set("severity", finding.severity.rawValue)
    values.set("severity_label", style.language.word("severity_\(finding.severity.rawValue)"))
    values.set("rule", finding.rule.rawValue)
    values.set("detail", finding.detail.visibleLines)
    return values
  }

  /// What browsers take as an address.
  private static let longestLink = 2048

  /// Only http and https may be followed from a report; a text with anything invisible in it is no link.
  private var link: String? {
    guard style.hasLinks, let url = row.integration?.webhookURL, url.utf8.count <= Self.longestLink else { return nil }
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
