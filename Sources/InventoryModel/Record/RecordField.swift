/// A field of the inventory's record: one column of the table `results`, of the reports, or of both.
///
/// Code that handles all fields of a record uses ``all``. A field that is not listed there is not used anywhere.
///
/// A class, because fields are constants: copying a struct of this size would take longer than most uses.
package final class RecordField: Sendable {
  /// The type of a field's value. It determines how SQL, spreadsheets, and the HTML report handle the field.
  package enum Kind: Sendable {
    case number
    case text
    /// Always text, even if it looks like a number or a date.
    case identifier
    /// RFC 3339 in UTC, or as received if it can't be parsed.
    case time
    case url
    /// Several texts, joined by `;` where only one text is possible.
    case list
    /// The text of a JSON object.
    case json
    /// The findings of a row. SQL stores them in a separate table.
    case findings
  }

  /// The source of a field's value.
  package enum Origin: Sendable {
    /// The list: known before any request.
    case list
    /// The answer to a request. Rows of the same project and credential share it.
    case answer
    /// The comparison with earlier runs.
    case comparison
    /// The audit.
    case audit
  }

  /// An object within a JSON line that groups several fields.
  package enum Group: String, Sendable {
    case integration
    case error

    /// Whether the row has the object. If not, its JSON value is null.
    package func isPresent(in row: borrowing ResultRow) -> Bool {
      switch self {
      // A comparison with nil would copy the integration.
      case .integration: row.integration?.webhookURL != nil
      case .error: row.error?.code != nil
      }
    }
  }

  /// Sets a field's value.
  package enum Setter: Sendable {
    /// The function accepts a text or a number, as SQL stores it.
    case row(@Sendable (inout ResultRow, FieldValue) -> Void)
    /// A text field of the row's integration. The function leaves a required field unchanged if the text is nil.
    ///
    /// `gatewayKey` is the name of the field in the gateway's response body; nil for a field that this program derives.
    case integration(gatewayKey: String?, @Sendable (inout Integration, String?) -> Void)
  }

  /// Name of the column in SQL, CSV and the workbook, and of the value in templates.
  package let column: String
  package let kind: Kind
  package let origin: Origin
  /// Key in JSON Lines, within the object ``group`` if there is one; nil for a field that JSON Lines omits.
  package let jsonKey: String?
  package let group: Group?
  /// Whether SQL requires a value.
  package let isRequired: Bool
  /// Whether a difference in this field counts as a change between runs.
  package let isCompared: Bool
  /// Determines the position of the column in CSV and the workbook: 0 for the original columns, and higher numbers for
  /// columns that were added later, which follow those with lower numbers. nil if the field is not a column there.
  package let tableSeries: Int?
  /// Width of the column in the workbook, in characters.
  package let width: Double
  /// A sentence for the schema guide.
  package let meaning: String
  /// Returns the value in a row. Captures nothing, so that it costs no reference counts.
  package let value: @Sendable (borrowing ResultRow) -> FieldValue
  package let setter: Setter

  init(
    _ column: String, _ kind: Kind, from origin: Origin, jsonKey: String?, group: Group? = nil,
    isRequired: Bool = false, isCompared: Bool = false, tableSeries: Int? = 0, width: Double = 20, _ meaning: String,
    get value: @escaping @Sendable (borrowing ResultRow) -> FieldValue, set setter: Setter
  ) {
    self.column = column
    self.kind = kind
    self.origin = origin
    self.jsonKey = jsonKey
    self.group = group
    self.isRequired = isRequired
    self.isCompared = isCompared
    self.tableSeries = tableSeries
    self.width = width
    self.meaning = meaning
    self.value = value
    self.setter = setter
  }

  /// Name of the field in the gateway's response body; nil for a field that does not come from there.
  package var gatewayKey: String? {
    if case .integration(let key, _) = setter { key } else { nil }
  }

  /// Sets the value in a row. Setting a field of an integration creates the integration if the row has none.
  ///
  /// - Parameter value: A text or a number, as SQL stores it.
  package func set(_ value: FieldValue, in row: inout ResultRow) {
    switch setter {
    case .row(let set): set(&row, value)
    case .integration(_, let set):
      var integration = row.integration ?? Integration(webhookURL: "")
      row.integration = nil
      set(&integration, value.text)
      row.integration = integration
    }
  }
}

/// The value of a field in one row; nil or an empty list if the row has no value.
package enum FieldValue: Sendable {
  case text(String?)
  case number(Int?)
  case list([String])
  /// The text of a JSON object.
  case json(String?)
  case findings([Finding])

  /// The value as one text. Several texts are joined by `;`, and findings are represented by the names of their rules.
  ///
  /// nil if there is no value.
  package var text: String? {
    switch self {
    case .text(let text), .json(let text): text
    case .number(let number): number.map(String.init)
    case .list(let texts): texts.isEmpty ? nil : texts.joined(separator: ";")
    case .findings(let findings): findings.isEmpty ? nil : findings.map(\.rule.name).joined(separator: ";")
    }
  }

  /// The value as a number; nil also for a value of another kind.
  package var number: Int? { if case .number(let number) = self { number } else { nil } }
}
