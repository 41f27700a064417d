package import InventoryModel

/// One report, made batch by batch: ``begin()``, ``rows(_:)`` for each batch, ``end()``; each returns the bytes to append.
protocol ReportWriter {
  /// Rows that the report holds so far.
  var rowCount: Int { get }
  /// Cells that the format has altered for its readers' sake; nil where it never does.
  var alteredCells: Int? { get }
  /// Path of a file that is the whole report once it has ended; nil where the bytes are.
  var madeFile: String? { get }

  mutating func begin() throws -> [UInt8]
  /// - Parameter rows: those that come next in list order.
  mutating func rows(_ rows: Span<ResultRow>) throws -> [UInt8]
  mutating func end() throws -> [UInt8]
}

extension ReportWriter {
  var alteredCells: Int? { nil }
  var madeFile: String? { nil }
}

/// What every report tells of its run.
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

extension ReportFormat {
  /// A writer of the format. A format without one does not compile.
  ///
  /// - Parameters:
  ///   - profile: of the CSV report.
  ///   - html: of the page.
  ///   - companions: the formats written beside it.
  ///   - place: of the report.
  func writer(
    for run: ReportedRun, profile: CSVProfile, html: HTMLOptions, companions: Set<ReportFormat>, place: String
  ) throws -> any ReportWriter {
    switch self {
    case .csv: CSVReport(inputColumns: run.record.inputColumns, profile: profile)
    case .jsonl: JSONLinesReport()
    case .html: HTMLReport(run: run, options: html, csvFile: companions.contains(.csv) ? profile.fileName : nil)
    case .xlsx: try XLSXReport(run: run, place: place)
    }
  }
}
