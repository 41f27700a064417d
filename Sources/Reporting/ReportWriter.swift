package import InventoryModel

/// A format's needs, and one report of it, made batch by batch: ``begin()``, ``rows(_:)`` for each batch, ``end()``;
/// each returns the bytes to append.
protocol ReportWriter {
  /// Name of the report's file in the output folder.
  ///
  /// - Parameter profile: of the CSV report.
  static func fileName(_ profile: CSVProfile) -> String
  /// Whether the report needs more of the run than its rows and the number of rows with each outcome.
  static var summarizesRun: Bool { get }
  /// Whether ``HTMLOptions/rowLimit`` applies.
  static var limitsRows: Bool { get }
  /// Whether the report is not text.
  static var isBinary: Bool { get }
  /// Whether the report is made in a folder beside its place, which ``madeFile`` is in.
  static var needsWorkingFolder: Bool { get }
  /// The list's columns besides the ID that a report can hold; nil for any number.
  static var mostInputColumns: Int? { get }

  init(_ request: ReportRequest) throws

  /// Rows that the report holds so far.
  var rowCount: Int { get }
  /// Cells that the format has altered for its readers' sake; nil for a format that never does.
  var alteredCells: Int? { get }
  /// Path of a file that is the whole report once it has ended; nil where the bytes are.
  var madeFile: String? { get }

  mutating func begin() throws -> [UInt8]
  /// - Parameter rows: the next ones in list order.
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

/// What a report is made from.
struct ReportRequest {
  let run: ReportedRun
  /// Of the CSV report.
  let csvProfile: CSVProfile
  /// Of the HTML report.
  let html: HTMLOptions
  /// All formats that are written together.
  let formats: [ReportFormat]
  /// Path of the report.
  let place: String
}

/// What every report shows of its run.
package struct ReportedRun: Sendable {
  package var record: RunRecord
  package var overview: RunOverview
  /// Lines of the rows that the page's table holds, in growing order; nil when it holds all.
  package var linesInPage: [Int]?

  package init(record: RunRecord, overview: RunOverview, linesInPage: [Int]? = nil) {
    self.record = record
    self.overview = overview
    self.linesInPage = linesInPage
  }
}
