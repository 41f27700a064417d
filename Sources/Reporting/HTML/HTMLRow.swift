import InventoryModel
import Mustache
import TextFormats

/// The named values for the row template. An absent value is rendered as an empty text, and its section is omitted.
struct HTMLRow {
  /// The settings that all rows of a page share.
  struct Style {
    let language: Language
    let words: TemplateValues
    let inputColumnCount: Int
    /// Whether there is a credential column. It is needed if rows may have different credentials.
    let hasCredentials: Bool
    /// Whether the page itself contains the webhooks as links. In a long table, the script creates the links, which
    /// halves the table's size.
    let hasLinks: Bool
    /// The day on which the run started, such as `2026-11-24`.
    let day: String
  }

  /// A cell of one of the list's other columns.
  struct Input {
    var text: String?
    var isLong = false
  }

  /// A named text for templates: a field of the record, or a text that the page derives from fields.
  private struct Text: Sendable {
    let name: String
    /// Returns nil if the row has no value.
    let value: @Sendable (borrowing ResultRow, Style) -> String?

    init(_ name: String, _ value: @escaping @Sendable (borrowing ResultRow, Style) -> String?) {
      self.name = name
      self.value = value
    }

    /// Creates the text that the page shows for a field; nil for a field that templates use as a section.
    init?(_ field: RecordField) {
      name = field.column
      switch (field.column, field.kind) {
      case ("duration_ms", _): value = { row, style in row.durationMS.map(style.language.number) }
      case ("fetched_at", _): value = { row, style in HTMLRow.fetchedAt(row.fetchedAt, style) }
      case (_, .time): value = { row, style in HTMLRow.day(field.value(row).text, style.language) }
      case (_, .list):
        value = { row, _ in
          guard case .list(let texts) = field.value(row) else { return nil }
          return texts.joined(separator: ", ").visible
        }
      case (_, .number), (_, .text), (_, .identifier), (_, .url):
        value = { row, _ in field.value(row).text?.visibleLines }
      case (_, .json), (_, .findings): return nil
      }
    }
  }

  /// The fields of an answer that were added after the templates were written. Templates list them in the section
  /// `further`, and refer to all other fields by name.
  static let furtherFields = InventoryColumns.trailingFields.filter { $0.origin == .answer && $0.tableSeries != 0 }

  /// All named texts, in the order of ``texts``.
  private static let allTexts: [Text] =
    (InventoryColumns.leadingFields + InventoryColumns.trailingFields).compactMap { Text($0) } + [
      Text("outcome_label") { row, style in style.language.word("outcome_\(row.outcome.rawValue)") },
      Text("change_label") { row, style in row.change.map { style.language.word("change_\($0.rawValue)") } },
      Text("last_good_url") { row, style in
        row.lastGood.map { $0.webhookURL?.visible ?? style.language.word("last_good_none") }
      },
      Text("last_good_at") { row, style in HTMLRow.day(row.lastGood?.at, style.language) },
      Text("webhook_link") { row, style in style.hasLinks ? row.integration.flatMap(HTMLRow.link) : nil },
    ]

  /// The names of sections that are shown or omitted and contain no value of their own.
  enum Flag: String, CaseIterable {
    case lastGood = "last_good"
    case webhookLong = "webhook_long"
    case errorLong = "error_long"
    case credentialColumn = "credential_column"
  }

  /// The values of ``allTexts``, in the same order; nil instead of an empty text.
  private(set) var texts: [String?]
  /// Whether each section of ``Flag`` is shown, in the order of its cases.
  private(set) var flags: [Bool]
  /// One element per column of the list, so that every row has the same cells.
  private(set) var inputs: [Input]
  private(set) var findings: [[String?]]
  private(set) var anchors: [String]
  private let words: TemplateValues

  init(_ row: borrowing ResultRow, style: Style, anchors: [String]) {
    words = style.words
    self.anchors = anchors
    texts = []
    for text in Self.allTexts { texts.append(text.value(row, style).flatMap { $0.isEmpty ? nil : $0 }) }
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
        finding.severity.rawValue, style.language.word("severity_\(finding.severity.rawValue)"), finding.rule.name,
        finding.detail.isEmpty ? nil : finding.detail.visibleLines,
      ]
    }
  }

  /// The names of a finding's texts, in order.
  private static let findingNames = ["severity", "severity_label", "rule", "detail"]

  /// Number of bytes above which a value may need scrolling in its cell.
  private static let long = 200

  private static func isLong(_ value: String?) -> Bool { (value?.utf8.count ?? 0) > long }

  /// Returns the day in the language's date format; a time that can't be parsed stays as it is.
  private static func day(_ text: String?, _ language: Language) -> String? {
    text.map { Timestamp(rfc3339: $0).map(language.date) ?? $0.visibleLines }
  }

  /// Returns the time to the second, without the date if it is the day on which the run started.
  private static func fetchedAt(_ text: String?, _ style: Style) -> String? {
    guard let text else { return nil }
    guard let time = Timestamp(rfc3339: text) else { return text.visibleLines }
    let written = time.description
    let clock = String(written.utf8.dropFirst(11).prefix(8)) ?? written
    return written.hasPrefix(style.day) ? clock : "\(style.language.date(time)) \(clock)"
  }

  /// Maximum length in bytes of a URL that browsers follow.
  private static let longestLink = 2048

  private static func link(_ integration: Integration) -> String? {
    let webhook = integration.webhook
    return webhook.url.utf8.count <= longestLink && webhook.isLink ? webhook.url : nil
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
    case "further": Self.furtherFields.map { values(of: Input(text: Self.index[$0.column].flatMap { texts[$0] })) }
    case "findings": findings.map(values)
    default: nil
    }
  }

  private static let index = Dictionary(
    uniqueKeysWithValues: allTexts.enumerated().map { ($0.element.name, $0.offset) })

  /// Every name that a row template can use, including the names within its sections.
  static let names: [String] =
    allTexts.map(\.name) + Flag.allCases.map(\.rawValue) + ["anchors", "inputs", "is_long", "findings", "further"]
    + findingNames

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
  /// Shows which values the row has, whatever their content. Rendered rows of the same shape differ only in their
  /// texts.
  var shape: [UInt8] {
    var shape: [UInt8] = texts.map { $0 == nil ? 0 : 1 }
    shape += flags.map { $0 ? 1 : 0 }
    shape += inputs.map { ($0.text == nil ? 0 : 1) + ($0.isLong ? 2 : 0) }
    // Every row has the same number of inputs, so the values that follow can't be mistaken for inputs.
    for finding in findings { shape += finding.map { $0 == nil ? 4 : 5 } }
    return shape + anchors.map { _ in 6 }
  }

  /// Calls the body with each text that is present, in the order of the ``shape``.
  func forEachText(_ body: (String) -> Void) {
    for case let text? in texts { body(text) }
    for input in inputs { input.text.map(body) }
    for finding in findings { for case let text? in finding { body(text) } }
    for anchor in anchors { body(anchor) }
  }

  /// Returns a row of the same shape with other texts, in the same order.
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
  /// The text as `visible` returns it, but with its line breaks, which the page shows as line breaks.
  fileprivate var visibleLines: String {
    guard utf8.contains(UInt8(ascii: "\n")) else { return visible }
    return unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0.last == "\r" ? $0.dropLast() : $0).visible }
      .joined(separator: "\n")
  }
}
