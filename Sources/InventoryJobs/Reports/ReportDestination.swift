package import Files
package import InventoryModel
package import Reporting

/// Where the reports go.
package enum ReportDestination: Sendable {
  case folder(ReportFolder)
  /// One report as a whole.
  case standardOutput(SingleReport)
  /// JSON Lines to standard output while the run goes on.
  case rows(StreamOrder)
  /// There are none.
  case nowhere

  /// nil where there is none.
  package var folder: String? {
    if case .folder(let folder) = self { folder.path } else { nil }
  }

  /// Those that are written when the run is over, each in its place.
  package var files: [String] {
    if case .folder(let folder) = self { folder.files } else { [] }
  }

  package var formats: [ReportFormat] {
    switch self {
    case .folder(let folder): folder.formats
    case .standardOutput(let report): [report.format]
    case .rows: [.jsonl]
    case .nowhere: []
    }
  }

  /// Whether any of them tells more of the run than its rows.
  package var tellOfTheWholeRun: Bool { formats.contains(where: \.summarizesRun) }

  /// Rows that the page's table holds at most; nil where there is no page.
  package var pageRowLimit: Int? {
    switch self {
    case .folder(let folder): folder.rowLimit
    case .standardOutput(let report): report.rowLimit
    case .rows, .nowhere: nil
    }
  }

  /// Makes sure that each report can hold all columns of a list.
  ///
  /// - Parameter inputColumns: besides the ID.
  package func check(inputColumns: [String]) throws(TooManyColumns) {
    for format in formats { try format.check(inputColumns: inputColumns) }
  }

  /// Makes sure that each file could be written, and leaves nothing behind.
  package func probe() throws(FileError) {
    switch self {
    case .folder(let folder): try folder.probe()
    case .standardOutput(let report): try report.probe()
    case .rows, .nowhere: break
    }
  }

  /// Finds out the same, as far as it can be known, without touching anything.
  package func check() throws(FileError) {
    switch self {
    case .folder(let folder): try folder.check()
    case .standardOutput(let report): try report.check()
    case .rows, .nowhere: break
    }
  }

  /// Makes sure that standard output is open, and takes the report.
  ///
  /// - Throws: ``JobFailure``.
  package func checkStandardOutput(isTerminal: Bool) throws(JobFailure) {
    switch self {
    case .folder, .nowhere: return
    case .standardOutput, .rows: break
    }
    guard StandardStreams.outputIsWritable else {
      throw JobFailure(.unwritableOutput, "standard output is closed; open it, or name a folder with --output")
    }
    guard !formats.contains(where: \.isBinary) || !isTerminal else {
      throw JobFailure(.usage, "A workbook is nothing for a terminal; redirect standard output, or name a folder")
    }
  }

  /// Whether rows are printed while the run goes on.
  package var printsRows: Bool {
    if case .rows = self { true } else { false }
  }

  /// Writes the reports in one pass over the rows; those that were written while the run went on are there already.
  ///
  /// - Parameter forEachBatch: calls its argument with all rows, in list order, as many at a time as are worth it.
  /// - Throws: `FileError`, ``ReaderGone`` and what `forEachBatch` throws.
  package func write(
    _ run: ReportedRun, to standardOutput: any JobOutput, forEachBatch: (([ResultRow]) throws -> Void) throws -> Void
  ) throws {
    switch self {
    case .folder(let folder): try folder.write(run, forEachBatch: forEachBatch)
    case .standardOutput(let report):
      var output = DataOutput(standardOutput)
      try report.write(run, to: { try output.write($0) }, forEachBatch: forEachBatch)
      try output.flush()
    case .rows, .nowhere: break
    }
  }
}
