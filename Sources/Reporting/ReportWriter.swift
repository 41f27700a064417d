package import InventoryModel

/// Writes one report of a format, and declares what the format needs. Call ``begin()``, then ``rows(_:)`` for each
/// batch, then ``end()``. Each method returns the bytes to append.
protocol ReportWriter {
  /// Name of the report's file in the output folder.
  ///
  /// - Parameter profile: The dialect of the CSV report.
  static func fileName(_ profile: CSVProfile) -> String
  /// Whether the report needs more of the run's data than its rows and the number of rows with each outcome.
  static var summarizesRun: Bool { get }
  /// Whether ``HTMLOptions/rowLimit`` applies.
  static var limitsRows: Bool { get }
  /// Whether the report is not text.
  static var isBinary: Bool { get }
  /// Whether the report is created in a working folder next to its destination. ``madeFile`` is in that folder.
  static var needsWorkingFolder: Bool { get }
  /// Maximum number of list columns, besides the ID, that a report can hold; nil for no limit.
  static var mostInputColumns: Int? { get }

  init(_ request: ReportRequest) throws

  /// Number of rows in the report so far.
  var rowCount: Int { get }
  /// Number of cells that the format altered for the programs that open it; nil for a format that never alters cells.
  var alteredCells: Int? { get }
  /// Path of a file that contains the whole report after ``end()``; nil if the returned bytes are the report.
  var madeFile: String? { get }

  mutating func begin() throws -> [UInt8]
  /// - Parameter rows: The next rows, in list order.
  mutating func rows(_ rows: Span<ResultRow>) throws -> [UInt8]
  mutating func end() throws -> [UInt8]
}

extension ReportWriter {
  static var summarizesRun: Bool { false }
  static var limitsRows: Bool { false }
  static var isBinary: Bool { false }
  static var needsWorkingFolder: Bool { false }
  static var mostInputColumns: Int? { nil }
  var alteredCells: Int? { nil }
  var madeFile: String? { nil }
}

/// The input of a report.
struct ReportRequest {
  let run: ReportedRun
  /// Dialect of the CSV report.
  let csvProfile: CSVProfile
  /// Options of the HTML report.
  let html: HTMLOptions
  /// All formats that are written together with this report, including its own.
  let formats: [ReportFormat]
  /// Path of the report's destination.
  let place: String

  /// Language of the reports for people.
  var language: Language { html.language }
}

/// The data of a run that its reports show.
package struct ReportedRun: Sendable {
  package var record: RunRecord
  package var overview: RunOverview
  /// Lines of the rows in the HTML report's table, in ascending order; nil if the table contains all rows.
  package var linesInPage: [Int]?

  package init(record: RunRecord, overview: RunOverview, linesInPage: [Int]? = nil) {
    self.record = record
    self.overview = overview
    self.linesInPage = linesInPage
  }
}
