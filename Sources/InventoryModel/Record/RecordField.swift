/// A field of the inventory's record: one column of the table `results`, of the reports, or of both.
///
/// Whatever handles all fields of a record goes through ``all``. A field that is not listed there is nowhere.
package struct RecordField: Sendable {
  /// What a field holds, which decides how SQL, spreadsheets and the HTML report treat it.
  package enum Kind: Sendable {
    case number
    case text
    /// Always text, even if it looks like a number or a date.
    case identifier
    /// RFC 3339 in UTC, or as received where it can't be read.
    case time
    case url
    /// Several texts, joined by `;` where only one fits.
    case list
    /// The text of a JSON object.
    case json
    /// The findings of a row, which SQL keeps in a table of their own.
    case findings
  }

  /// Where the value of a field comes from.
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

  /// An object of a JSON line that holds several fields.
  package enum Group: String, Sendable {
    case integration
    case error

    /// Whether the row has the object; if not, the object is null.
    package func isPresent(in row: borrowing ResultRow) -> Bool {
      switch self {
      case .integration: row.integration != nil
      case .error: row.error != nil
      }
    }
  }

  /// Access to a field's value.
  package enum Access: Sendable {
    /// `set` takes a text or a number, as SQL stores it.
    case row(
      get: @Sendable (borrowing ResultRow) -> FieldValue, set: @Sendable (inout ResultRow, FieldValue) -> Void)
    case integration(IntegrationAccess)
  }

  /// Access to a text of an integration.
  package struct IntegrationAccess: Sendable {
    /// Name of the field in the gateway's body; nil for a field that this program derives.
    package let gatewayKey: String?
    package let get: @Sendable (borrowing Integration) -> String?
    /// nil leaves a field as it is that must have a value.
    package let set: @Sendable (inout Integration, String?) -> Void
  }

  /// Name of the column in SQL, CSV and the workbook, and of the value in templates.
  package let column: String
  package let kind: Kind
  package let origin: Origin
  /// Key in JSON Lines, within the object ``group`` if there is one; nil for a field that is not written there.
  package let jsonKey: String?
  package let group: Group?
  /// Whether SQL requires a value.
  package let isRequired: Bool
  /// Whether runs are compared by this field.
  package let isCompared: Bool
  /// Decides the column's place in CSV and the workbook: 0 for the original columns, and greater numbers for columns
  /// added later, which follow those with lower numbers. nil for a field that is not a column there.
  package let tableSeries: Int?
  /// Width of the column in the workbook, in characters.
  package let width: Double
  /// A sentence for the schema guide.
  package let meaning: String
  package let access: Access

  init(
    _ column: String, _ kind: Kind, from origin: Origin, jsonKey: String?, group: Group? = nil,
    isRequired: Bool = false, isCompared: Bool = false, tableSeries: Int? = 0, width: Double = 20, _ meaning: String,
    _ access: Access
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
    self.access = access
  }

  /// nil for a field that is none of an integration.
  package var integrationAccess: IntegrationAccess? {
    if case .integration(let access) = access { access } else { nil }
  }

  /// Name of the field in the gateway's body; nil for a field that is not from there.
  package var gatewayKey: String? { integrationAccess?.gatewayKey }

  package func value(of row: borrowing ResultRow) -> FieldValue {
    switch access {
    case .row(let get, _): return get(row)
    case .integration(let access):
      let text = row.integration.flatMap { access.get($0) }
      return kind == .json ? .json(text) : .text(text)
    }
  }

  /// Sets the value in a row. A field of an integration makes one where the row has none.
  ///
  /// - Parameter value: a text or a number, as SQL stores it.
  package func set(_ value: FieldValue, in row: inout ResultRow) {
    switch access {
    case .row(_, let set): set(&row, value)
    case .integration(let access):
      var integration = row.integration ?? Integration(webhookURL: "")
      row.integration = nil
      access.set(&integration, value.text)
      row.integration = integration
    }
  }
}

/// The value of a field in one row; nil, or an empty list, where the row has none.
package enum FieldValue: Sendable {
  case text(String?)
  case number(Int?)
  case list([String])
  /// The text of a JSON object.
  case json(String?)
  case findings([Finding])

  /// The value as one text: several are joined by `;`, and findings are given by the names of their rules.
  ///
  /// nil where there is none.
  package var text: String? {
    switch self {
    case .text(let text), .json(let text): text
    case .number(let number): number.map(String.init)
    case .list(let texts): texts.isEmpty ? nil : texts.joined(separator: ";")
    case .findings(let findings): findings.isEmpty ? nil : findings.map(\.rule.name).joined(separator: ";")
    }
  }

  /// nil for a value of another kind, too.
  package var number: Int? { if case .number(let number) = self { number } else { nil } }
}
