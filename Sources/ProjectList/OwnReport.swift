import DelimitedText
import InventoryModel
import TextFormats

/// A list that is a CSV report of this program, so that the position of every column is known.
struct OwnReport: Hashable {
  /// Whether the report was written for spreadsheets. Only those reports have a byte order mark.
  let isForSpreadsheets: Bool
  /// Indexes of the columns with IDs.
  private let identifierColumns: Set<Int>

  /// Index of the column with the project IDs.
  static let idColumn = 1
  /// Columns that have been adjacent since the first version.
  private static let landmarks = InventoryColumns.trailing.prefix(5)

  /// - Returns: nil if the header is not that of a report.
  init?(header: [String], hasMark: Bool) {
    guard header.starts(with: InventoryColumns.leading),
      let start = header.firstIndex(of: Self.landmarks[0]),
      header[start...].starts(with: Self.landmarks)
    else { return nil }
    isForSpreadsheets = hasMark
    let identifiers = RecordField.all.filter { $0.kind == .identifier }.map(\.column)
    identifierColumns = Set(
      header.indices.filter { ($0 == Self.idColumn || $0 > start) && identifiers.contains(header[$0]) })
  }

  /// The original value of a cell; nil if the cell holds the original value.
  func original(of cell: String, inColumn column: Int) -> String? {
    guard isForSpreadsheets else { return nil }
    return SpreadsheetCell.original(of: cell, isIdentifier: identifierColumns.contains(column))
  }

  /// The original names of the header's columns.
  func originalNames(of header: [String]) -> [String] {
    guard isForSpreadsheets else { return header }
    return header.map { SpreadsheetCell.original(of: $0, isIdentifier: false) ?? $0 }
  }
}
