import InventoryModel
import TextFormats

/// Determines the columns of a list, and checks that the result is plausible.
extension ProjectListReader {
  /// Whether the first record is a header. In a list with a single column, it is one only if its cell can name the ID
  /// column.
  static func isHeader(_ first: [String], options: ListReadingOptions) -> Bool {
    first.count > 1 || options.namesIDColumn(first[0])
  }

  /// - Parameter isReport: whether the list is a report of this program.
  static func layout(
    of first: [String], hasHeader: Bool, isReport: Bool, _ preview: ListPreview, at place: ListError.Place,
    options: ListReadingOptions
  ) throws(ListError) -> ColumnLayout {
    let header = hasHeader ? first : first.map { _ in "" }
    let names = ColumnLayout.uniqueNames(of: header)
    let idColumn: Int
    switch options.idColumn {
    case .number(let number):
      guard (1...names.count).contains(number) else {
        throw .idColumnOutOfRange(place, number: number, columns: names.count)
      }
      idColumn = number - 1
    case .name(let name):
      guard let column = ColumnName.index(of: name, in: names) else {
        if hasHeader, preview.beginsWithRow { throw .rowInsteadOfHeader(place) }
        throw .unknownIDColumn(place, name: name, header: names)
      }
      idColumn = column
    case nil where names.count == 1:
      idColumn = 0
    case nil where isReport:
      idColumn = OwnReport.idColumn
    case nil:
      let candidates = ColumnLayout.idCandidates(in: header)
      guard let candidate = candidates.first else {
        if hasHeader, preview.beginsWithRow { throw .rowInsteadOfHeader(place) }
        throw hasHeader ? .noIDColumn(place, header: names) : .noIDNumber(place, columns: names.count)
      }
      guard candidates.count == 1 else {
        throw .ambiguousIDColumn(place, candidates: candidates.map { names[$0] })
      }
      idColumn = candidate
    }
    let credential = hasHeader ? ReservedColumn.credential.index(in: header) : nil
    return ColumnLayout(names: names, idColumn: idColumn, credentialColumn: credential == idColumn ? nil : credential)
  }

  /// - Returns: notes for the user about how the list is read.
  /// - Throws: an error if rows or IDs would be lost.
  static func check(
    _ preview: ListPreview, _ layout: ColumnLayout, hasHeader: Bool, at place: ListError.Place,
    options: ListReadingOptions
  ) throws(ListError) -> [String] {
    if let other = preview.delimiterInsideIDs(column: layout.idColumn, hasHeader: hasHeader) {
      throw .delimiterInsideIDs(place, delimiter: preview.delimiter, other: other)
    }
    guard hasHeader else {
      guard !options.hasNoHeader, preview.beginsWithUnknownName else { return [] }
      return [
        "\(place): the first line is read as an ID because it is not a known name of an ID column; "
          + "if it is a header, rename it to project_id"
      ]
    }
    var notes: [String] = []
    switch preview.idCell(ofColumn: layout.idColumn, chosenBy: options.idColumn) {
    case .header: break
    case .doubtful:
      notes.append(
        "\(place): this line is read as the header, but its cell in column \(layout.idColumn + 1) could be an ID; "
          + "if it is one, add --no-header")
    case .id: throw .idInsteadOfHeader(place, column: layout.idColumn + 1)
    }
    return notes + notesOnReservedColumns(layout, at: place)
  }

  private static func notesOnReservedColumns(_ layout: ColumnLayout, at place: ListError.Place) -> [String] {
    ReservedColumn.allCases.flatMap { column in
      let used = column.index(in: layout.names)
      let surplus = column.surplus(in: layout.names).filter { $0 != layout.idColumn }
      let nearMisses = column.nearMisses(in: layout.names).filter { $0 != layout.idColumn }
      return surplus.map { index in
        "\(place): columns \((used ?? 0) + 1) and \(index + 1) have the same name; "
          + "only column \((used ?? 0) + 1) is used as \(column.rawValue)"
      }
        + nearMisses.map { index in
          "\(place): the column \(layout.names[index].visible) is only copied to the reports; "
            + "to use it as \(column.rawValue), rename it to \(column.rawValue)"
        }
    }
  }
}
