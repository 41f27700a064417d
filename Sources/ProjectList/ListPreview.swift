import DelimitedText
import InventoryModel
import TextFormats

/// The first records of a list, used to check that the list is read correctly.
struct ListPreview {
  let sample: ListSample
  let delimiter: UInt8
  /// Whether the first line that is not blank is a `sep=` line and not a record.
  let skipsSeparatorLine: Bool
  /// The cells of the first record, without surrounding spaces.
  let first: [String]
  /// The cells of the records after the first.
  let rows: [[String]]

  init(_ sample: ListSample, first: [String], delimiter: UInt8, skipsSeparatorLine: Bool) {
    self.sample = sample
    self.first = first
    self.delimiter = delimiter
    self.skipsSeparatorLine = skipsSeparatorLine
    rows = sample.records(delimiter: delimiter, skipsSeparatorLine: skipsSeparatorLine).dropFirst().map(\.fields)
  }

  /// The non-empty cells of a column, without surrounding spaces. The first record is not included.
  func cells(ofColumn column: Int) -> [String] {
    rows.compactMap { column < $0.count ? $0[column].trimmingSpace() : nil }.filter { !$0.isEmpty }
  }

  /// Another delimiter that most IDs contain, so that they are probably whole lines; nil if there is none.
  ///
  /// In a list with one column, the lines are split with the other delimiter, so that a quoted cell that contains it as
  /// text does not count. In a list with several columns, the cells are searched, unless the list contains quotes.
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
      // Tabs at the start or end of a line are whitespace around its only cell.
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

/// Checks whether the first record is a header.
extension ListPreview {
  /// Whether the first record is a row, in a list with several columns and no known ID column.
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

  /// What the first record's cell in the ID column appears to be.
  enum IDCell {
    case header
    /// Probably a header, but possibly an ID.
    case doubtful
    case id
  }

  /// - Parameter option: the option that chose the column; nil if the column was found by a known name.
  func idCell(ofColumn column: Int, chosenBy option: ListReadingOptions.IDColumn?) -> IDCell {
    let cell = first[column]
    let others = cells(ofColumn: column)
    // Most rows have the same text, for example `project` as the type of each row. The first record is then a row too.
    if Self.most(others, { $0.utf8.elementsEqual(cell.utf8) }) { return .id }
    guard let option, !cell.isEmpty, !ColumnLayout.isIDName(cell), !first.isNumbering else { return .header }
    let (shape, shapes) = (CellShape(cell), others.map(CellShape.init))
    if Self.most(shapes, { $0 == shape }) { return .id }
    // A user who chose the column by name has seen that name in the header.
    guard case .number = option else { return .header }
    let isAlike = Self.most(shapes) { $0.kinds == shape.kinds }
    if shape.hasDigits { return isAlike || shapes.count { $0 == shape } > 1 ? .id : .header }
    return isAlike ? .doubtful : .header
  }

  /// Whether the only column begins with a text that is more likely a column name than an ID.
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
  /// `0` for digits, `a` and `A` for ASCII letters, `é` for characters beyond ASCII. All others stand for themselves.
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
  /// Whether these are the numbers of several columns, counted from 0, as data frames write them in place of names.
  fileprivate var isNumbering: Bool { count > 1 && indices.allSatisfy { self[$0] == "\($0)" } }
}
