/// The formats of reports. The ``ReportWriter`` of a format declares what the format needs.
package enum ReportFormat: String, CaseIterable, Sendable {
  case csv
  case jsonl
  case html
  case xlsx

  /// The formats written by default.
  package static let usual: [ReportFormat] = [.csv, .jsonl, .html]

  private var writer: any ReportWriter.Type {
    switch self {
    case .csv: CSVReport.self
    case .jsonl: JSONLinesReport.self
    case .html: HTMLReport.self
    case .xlsx: XLSXReport.self
    }
  }

  /// Creates the writer of a report.
  func writer(_ request: ReportRequest) throws -> any ReportWriter { try writer.init(request) }

  /// Name of the report's file in the output folder.
  ///
  /// - Parameter profile: The dialect of the CSV report.
  package func fileName(_ profile: CSVProfile) -> String { writer.fileName(profile) }

  /// Whether the report needs more of the run's data than its rows and the number of rows with each outcome.
  package var summarizesRun: Bool { writer.summarizesRun }

  /// Whether ``HTMLOptions/rowLimit`` applies.
  var limitsRows: Bool { writer.limitsRows }

  /// Whether the report is not text, and therefore unsuitable for a terminal.
  package var isBinary: Bool { writer.isBinary }

  /// Whether the report is created in a working folder next to its destination.
  var needsWorkingFolder: Bool { writer.needsWorkingFolder }

  /// Maximum number of list columns, besides the ID, that a report can hold; nil for no limit.
  package var mostInputColumns: Int? { writer.mostInputColumns }

  /// Verifies that a report can hold all columns of a list.
  ///
  /// - Parameter inputColumns: The list's columns besides the ID.
  package func check(inputColumns: [String]) throws(TooManyColumns) {
    if let limit = mostInputColumns, inputColumns.count > limit {
      throw TooManyColumns(format: self, count: inputColumns.count, limit: limit)
    }
  }
}

/// A list has more columns than a report's format can hold.
package struct TooManyColumns: Error, Hashable, CustomStringConvertible {
  package let format: ReportFormat
  /// The list's columns besides the ID.
  package let count: Int
  /// Maximum number of those columns that the format can hold.
  package let limit: Int

  package var description: String {
    "the list has \(count) columns besides the ID, but \(format.fileName(.rfc4180)) can hold only \(limit); "
      + "remove \(format.rawValue) from --format, or columns from the list"
  }
}
