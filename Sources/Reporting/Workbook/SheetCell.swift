import InventoryModel

/// What a cell of a workbook holds. Only ``number(_:)``, ``time(_:)`` and ``share(_:)`` can become a number, and nothing
/// a formula.
enum SheetCell: Hashable {
  case text(String?)
  case number(Int?)
  /// RFC 3339; a text that can't be read as a time stays one.
  case time(String?)
  /// A link where it may be one.
  case address(String?)
  /// Of a whole, 0 to 1.
  case share(Double)
  /// A column's name, or a fact's.
  case heading(String)
  case title(String)

  static let empty = SheetCell.text(nil)

  init(_ field: RecordField, of row: borrowing ResultRow) {
    let value = field.value(of: row)
    self =
      switch field.kind {
      case .number: .number(value.number)
      case .time: .time(value.text)
      case .url: .address(value.text)
      case .text, .identifier, .list, .json, .findings: .text(value.text)
      }
  }
}
