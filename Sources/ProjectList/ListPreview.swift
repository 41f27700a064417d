import DelimitedText
import InventoryModel
import TextFormats

/// The first records of a list as they are read, by which the reading itself is checked.
struct ListPreview {
  let sample: ListSample
  let delimiter: UInt8
  /// Whether the first line that is not blank is no record.
  let skipsSeparatorLine: Bool
  /// The cells of the first record, without the spaces around them.
  let first: [String]
  /// The cells of the records after it.
  let rows: [[String]]

  init(_ sample: ListSample, first: [String], delimiter: UInt8, skipsSeparatorLine: Bool) {
    self.sample = sample
    self.first = first
    self.delimiter = delimiter
    self.skipsSeparatorLine = skipsSeparatorLine
    rows = sample.records(delimiter: delimiter, skipsSeparatorLine: skipsSeparatorLine).dropFirst().map(\.fields)
  }

  /// The cells of a column that are not empty, without the spaces around them and without the first record's.
  func cells(ofColumn column: Int) -> [String] {
    rows.compactMap { column < $0.count ? $0[column].trimmingSpace() : nil }.filter { !$0.isEmpty }
  }

  /// Another delimiter that most IDs contain, so that they are more likely whole lines; nil when there is none.
  ///
  /// Of one column, the lines are read with the other delimiter, so that a quoted cell, in which it is text, does not
  /// count. Of several columns, the cells are looked at, unless the list has quotes.
  func delimiterInsideIDs(column: Int, hasHeader: Bool) -> UInt8? {
    let shares = Dialect.delimiters.filter { $0 != delimiter }.map { other in
      let isOnlyColumn = first.count == 1
      let share =
        isOnlyColumn
        ? shareOfLines(dividedBy: other, hasHeader) : shareOfCells(containing: other, column: column, hasHeader)
      return (delimiter: other, share: share)
    }
    return shares.filter { $0.share > 0.5 }.max { $0.share < $1.share }?.delimiter
  }

  private func shareOfLines(dividedBy other: UInt8, _ hasHeader: Bool) -> Double {
    let records = sample.records(delimiter: other, skipsSeparatorLine: skipsSeparatorLine).dropFirst(hasHeader ? 1 : 0)
    guard !records.isEmpty else { return 0 }
    let divided = records.count { record in
      // Tabs at a line's ends are space around its only cell.
      let isSpace = other == UInt8(ascii: "\t") && record.fields.count { !$0.trimmingSpace().isEmpty } < 2
      return record.fields.count > 1 && !isSpace
    }
    return Double(divided) / Double(records.count)
  }

  private func shareOfCells(containing other: UInt8, column: Int, _ hasHeader: Bool) -> Double {
    guard !sample.hasQuotes, column < first.count, first[column].utf8.contains(other) else { return 0 }
    let cells = cells(ofColumn: column) + (hasHeader ? [] : [first[column]])
    guard !cells.isEmpty else { return 0 }
    return Double(cells.count { $0.utf8.contains(other) }) / Double(cells.count)
  }
}

/// How far the first record is from being a header.
extension ListPreview {
  /// Whether a list of several columns without a known ID column begins with a row.
  var beginsWithRow: Bool {
    guard !first.contains(where: ColumnLayout.isIDName), !first.isNumbering else { return false }
    return first.indices.contains { column in
      let cell = first[column]
      guard !cell.isEmpty else { return false }
      let (shape, others) = (CellShape(cell), cells(ofColumn: column).map(CellShape.init))
      if Self.most(others, { $0 == shape }) { return true }
      return shape.hasDigits && (rows.isEmpty || Self.most(others) { $0.kinds == shape.kinds })
    }
  }

  /// What the first record's cell in the ID column looks like.
  enum IDCell {
    case header
    /// More like a header, but no difference to an ID is certain.
    case doubtful
    case id
  }

  /// - Parameter option: by which the column was chosen; nil where its name is a known one.
  func idCell(ofColumn column: Int, chosenBy option: ListReadingOptions.IDColumn?) -> IDCell {
    let cell = first[column]
    let others = cells(ofColumn: column)
    // `project` as the kind of each row, under which no ID stands.
    if Self.most(others, { $0.utf8.elementsEqual(cell.utf8) }) { return .id }
    guard let option, !cell.isEmpty, !ColumnLayout.isIDName(cell), !first.isNumbering else { return .header }
    let (shape, shapes) = (CellShape(cell), others.map(CellShape.init))
    if Self.most(shapes, { $0 == shape }) { return .id }
    // Who names the column has seen a name there.
    guard case .number = option else { return .header }
    let isAlike = Self.most(shapes) { $0.kinds == shape.kinds }
    if shape.hasDigits { return isAlike || shapes.count { $0 == shape } > 1 ? .id : .header }
    return isAlike ? .doubtful : .header
  }

  /// Whether the only column begins with what is more likely its name than an ID.
  var beginsWithUnknownName: Bool {
    guard first.count == 1, let cell = first.first, !CellShape(cell).hasDigits else { return false }
    return Self.most(cells(ofColumn: 0)) { CellShape($0).hasDigits }
  }

  private static func most<Element>(_ elements: [Element], _ isSo: (Element) -> Bool) -> Bool {
    elements.count { isSo($0) } * 2 > elements.count
  }
}

/// The length of a cell and the kinds of characters in it.
struct CellShape: Hashable {
  let length: Int
  /// `0` for digits, `a` and `A` for letters, `é` for those beyond ASCII, any other character for itself.
  let kinds: Set<Unicode.Scalar>

  init(_ cell: String) {
    length = cell.unicodeScalars.count
    kinds = Set(
      cell.unicodeScalars.map { scalar in
        switch scalar {
        case "0"..."9": "0"
        case "a"..."z": "a"
        case "A"..."Z": "A"
        default: scalar.isASCII ? scalar : "é"
        }
      })
  }

  var hasDigits: Bool { kinds.contains("0") }
}

extension [String] {
  /// Whether these are the numbers of several columns, from 0, as data frames write them in place of names.
  fileprivate var isNumbering: Bool { count > 1 && indices.allSatisfy { self[$0] == "\($0)" } }
}
