import InventoryModel

/// The content of a workbook's cell. Only ``number(_:)``, ``time(_:)``, and ``share(_:)`` can become a number, and no
/// cell can become a formula.
enum SheetCell: Hashable {
  case text(String?)
  case number(Int?)
  /// A time in RFC 3339; a text that can't be parsed as a time stays a text.
  case time(String?)
  /// A URL, which becomes a link if a link is allowed.
  case address(String?)
  /// A share of a whole, from 0 to 1.
  case share(Double)
  /// The name of a column or a fact.
  case heading(String)
  case title(String)

  static let empty = SheetCell.text(nil)

  init(_ field: RecordField, of row: borrowing ResultRow) {
    let value = field.value(row)
    self =
      switch field.kind {
      case .number: .number(value.number)
      case .time: .time(value.text)
      case .url: .address(value.text)
      case .text, .identifier, .list, .json, .findings: .text(value.text)
      }
  }
}
