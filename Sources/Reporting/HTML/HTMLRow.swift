import InventoryModel
import Mustache

/// What the names of a row's template stand for. An absent value is empty as a text, and as a section it is left out.
struct HTMLRow {
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

  /// One of the list's other columns.
  struct Input {
    var text: String?
    var isLong: Bool
  }

  /// The names of texts, in an order of their own.
  enum Name: String, CaseIterable {
    case line
    case projectID = "project_id"
    case outcome
    case outcomeLabel = "outcome_label"
    case change
    case changeLabel = "change_label"
    case changedFields = "changed_fields"
    case lastGoodURL = "last_good_url"
    case lastGoodAt = "last_good_at"
    case httpStatus = "http_status"
    case integrationID = "integration_id"
    case brainID = "brain_id"
    case webhookURL = "webhook_url"
    case webhookLink = "webhook_link"
    case webhookHost = "webhook_host"
    case authType = "auth_type"
    case createdAt = "created_at"
    case updatedAt = "updated_at"
    case attempts
    case durationMS = "duration_ms"
    case fetchedAt = "fetched_at"
    case credential
    case errorCode = "error_code"
    case errorMessage = "error_message"
  }

  /// The names of sections that hold no value.
  enum Flag: String, CaseIterable {
    case lastGood = "last_good"
    case webhookLong = "webhook_long"
    case errorLong = "error_long"
    case credentialColumn = "credential_column"
  }

  /// By ``Name``; nil rather than an empty text.
  private(set) var texts: [String?]
  /// By ``Flag``.
  private(set) var flags: [Bool]
  /// As many as the list has columns, so that every row has the same cells.
  private(set) var inputs: [Input]
  private(set) var findings: [[String?]]
  private(set) var anchors: [String]
  private let words: TemplateValues

  init(_ row: borrowing ResultRow, style: Style, anchors: [String]) {
    words = style.words
    self.anchors = anchors
    texts = Name.allCases.map { name in Self.text(name, of: row, style: style).flatMap { $0.isEmpty ? nil : $0 } }
    flags = Flag.allCases.map { flag in
      switch flag {
      case .lastGood: row.lastGood != nil
      case .webhookLong: Self.isLong(row.integration?.webhookURL)
      case .errorLong: Self.isLong(row.error?.message)
      case .credentialColumn: style.hasCredentials
      }
    }
    let cells = InputCells.cells(json: row.inputJSON) ?? []
    inputs = (0..<style.inputColumnCount).map { index in
      guard index < cells.count, let cell = cells[index], !cell.isEmpty else { return Input(isLong: false) }
      return Input(text: cell.visibleLines, isLong: Self.isLong(cell))
    }
    findings = row.findings.map { finding in
      [
        finding.severity.rawValue, style.language.word("severity_\(finding.severity.rawValue)"), finding.rule.rawValue,
        finding.detail.isEmpty ? nil : finding.detail.visibleLines,
      ]
    }
  }

  /// Of a finding's texts, in their order.
  private static let findingNames = ["severity", "severity_label", "rule", "detail"]

  private static func text(_ name: Name, of row: borrowing ResultRow, style: Style) -> String? {
    let language = style.language
    return switch name {
    case .line: String(row.line)
    case .projectID: row.projectID.visibleLines
    case .outcome: row.outcome.rawValue
    case .outcomeLabel: language.word("outcome_\(row.outcome.rawValue)")
    case .change: row.change?.rawValue
    case .changeLabel: row.change.map { language.word("change_\($0.rawValue)") }
    case .changedFields: row.changedFields.isEmpty ? nil : row.changedFields.joined(separator: ", ").visible
    case .lastGoodURL: row.lastGood.map { $0.webhookURL?.visible ?? language.word("last_good_none") }
    case .lastGoodAt: day(row.lastGood?.at, language)
    case .httpStatus: row.httpStatus.map(String.init)
    case .integrationID: row.integration?.id?.visibleLines
    case .brainID: row.integration?.brainID?.visibleLines
    case .webhookURL: row.integration?.webhookURL.visibleLines
    case .webhookLink: style.hasLinks ? link(row.integration?.webhookURL) : nil
    case .webhookHost: row.integration?.webhookHost?.visibleLines
    case .authType: row.integration?.authType?.visibleLines
    case .createdAt: day(row.integration?.createdAt, language)
    case .updatedAt: day(row.integration?.updatedAt, language)
    case .attempts: String(row.attempts)
    case .durationMS: row.durationMS.map(language.number)
    case .fetchedAt: fetchedAt(row.fetchedAt, style)
    case .credential: row.credential?.visibleLines
    case .errorCode: row.error?.code.rawValue
    case .errorMessage: row.error?.message.visibleLines
    }
  }

  /// Bytes from which on a value may need scrolling in its cell.
  private static let long = 200

  private static func isLong(_ value: String?) -> Bool { (value?.utf8.count ?? 0) > long }

  /// A day in the language's manner; a time that can't be read as it is.
  private static func day(_ text: String?, _ language: Language) -> String? {
    text.map { Timestamp(rfc3339: $0).map(language.date) ?? $0.visibleLines }
  }

  /// To the second, on the day on which the run began without the date.
  private static func fetchedAt(_ text: String?, _ style: Style) -> String? {
    guard let text else { return nil }
    guard let time = Timestamp(rfc3339: text) else { return text.visibleLines }
    let written = time.description
    let clock = String(written.utf8.dropFirst(11).prefix(8)) ?? written
    return written.hasPrefix(style.day) ? clock : "\(style.language.date(time)) \(clock)"
  }

  /// What browsers take as an address.
  private static let longestLink = 2048

  /// Only http and https may be followed from a report; a text with anything invisible in it is no link.
  private static func link(_ url: String?) -> String? {
    guard let url, url.utf8.count <= longestLink else { return nil }
    let scheme = url.prefix(8).lowercased()
    guard scheme.hasPrefix("https://") || scheme.hasPrefix("http://") else { return nil }
    return url.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? url : nil
  }
}

extension HTMLRow: MustacheParent {
  func child(named name: String) -> Any? {
    if let text = Self.index[name] { return texts[text].map(TemplateText.init) }
    if let flag = Flag(rawValue: name) { return flags[Self.index(of: flag)] ? true : nil }
    return switch name {
    case "words": words
    case "anchors": anchors.map(TemplateText.init)
    case "inputs": inputs.map(values)
    case "findings": findings.map(values)
    default: nil
    }
  }

  private static let index = Dictionary(
    uniqueKeysWithValues: Name.allCases.enumerated().map { ($0.element.rawValue, $0.offset) })

  private static func index(of flag: Flag) -> Int { Flag.allCases.firstIndex(of: flag) ?? 0 }

  private func values(of input: Input) -> TemplateValues {
    var values = TemplateValues()
    if let text = input.text { values.set("text", text) }
    if input.isLong { values.set("is_long", true) }
    return values
  }

  private func values(of finding: [String?]) -> TemplateValues {
    var values = TemplateValues()
    for (name, text) in zip(Self.findingNames, finding) {
      if let text { values.set(name, text) }
    }
    return values
  }
}

extension HTMLRow {
  /// What is there of the row, whatever it says: rows of one shape differ in the template's result by their texts alone.
  var shape: [UInt8] {
    var shape: [UInt8] = texts.map { $0 == nil ? 0 : 1 }
    shape += flags.map { $0 ? 1 : 0 }
    shape += inputs.map { ($0.text == nil ? 0 : 1) + ($0.isLong ? 2 : 0) }
    // Inputs are as many in every row, so that the rest can't be taken for one of them.
    for finding in findings { shape += finding.map { $0 == nil ? 4 : 5 } }
    return shape + anchors.map { _ in 6 }
  }

  /// Calls the body with each text that is there, in the order of the ``shape``.
  func forEachText(_ body: (String) -> Void) {
    for case let text? in texts { body(text) }
    for input in inputs { input.text.map(body) }
    for finding in findings { for case let text? in finding { body(text) } }
    for anchor in anchors { body(anchor) }
  }

  /// A row of the same shape with other texts, in the same order.
  func replacingTexts(_ next: () -> String) -> HTMLRow {
    var row = self
    row.texts = texts.map { $0 == nil ? nil : next() }
    for index in inputs.indices where inputs[index].text != nil { row.inputs[index].text = next() }
    row.findings = findings.map { $0.map { $0 == nil ? nil : next() } }
    row.anchors = anchors.map { _ in next() }
    return row
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
