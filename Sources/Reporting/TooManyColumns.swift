import InventoryModel

/// A list has more columns than a report's format can hold.
package struct TooManyColumns: Error, Hashable, CustomStringConvertible {
  package let format: ReportFormat
  /// Of the list, besides the ID.
  package let count: Int
  /// Of them, what the format holds.
  package let limit: Int

  package var description: String {
    "the list has \(count) columns besides the ID, and the report \(format.fileName(.rfc4180)) can hold \(limit); leave "
      + "\(format.rawValue) out of --format, or columns out of the list"
  }
}

extension ReportFormat {
  /// The list's columns besides the ID that a report can hold; nil for any number.
  package var mostInputColumns: Int? {
    switch self {
    case .csv, .jsonl, .html: nil
    case .xlsx: InventorySheet.mostColumns - InventoryColumns(inputColumns: []).all.count
    }
  }

  /// Makes sure that a report holds all columns of a list.
  ///
  /// - Parameter inputColumns: besides the ID.
  package func check(inputColumns: [String]) throws(TooManyColumns) {
    if let limit = mostInputColumns, inputColumns.count > limit {
      throw TooManyColumns(format: self, count: inputColumns.count, limit: limit)
    }
  }
}
