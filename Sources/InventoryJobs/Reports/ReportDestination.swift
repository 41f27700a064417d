package import Files
package import InventoryModel
package import Reporting

/// Where the reports are written.
package enum ReportDestination: Sendable {
  case folder(ReportFolder)
  /// One complete report.
  case standardOutput(SingleReport)
  /// JSON Lines on standard output, written while the run is in progress.
  case rows(StreamOrder)
  /// No reports are written.
  case nowhere

  /// Path of the reports' folder; nil if there is none.
  package var folder: String? {
    if case .folder(let folder) = self { folder.path } else { nil }
  }

  /// Final paths of the files that are written when the run ends.
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

  /// Whether any report includes more about the run than its rows.
  package var tellOfTheWholeRun: Bool { formats.contains(where: \.summarizesRun) }

  /// Maximum number of rows in the HTML report's table; nil if there is no HTML report.
  package var pageRowLimit: Int? {
    switch self {
    case .folder(let folder): folder.rowLimit
    case .standardOutput(let report): report.rowLimit
    case .rows, .nowhere: nil
    }
  }

  /// Verifies that each report can hold all columns of a list.
  ///
  /// - Parameter inputColumns: the list's columns other than the ID.
  package func check(inputColumns: [String]) throws(TooManyColumns) {
    for format in formats { try format.check(inputColumns: inputColumns) }
  }

  /// Verifies that each file can be written. Leaves nothing behind.
  package func probe() throws(FileError) {
    switch self {
    case .folder(let folder): try folder.probe()
    case .standardOutput(let report): try report.probe()
    case .rows, .nowhere: break
    }
  }

  /// Performs the same checks as ``probe()`` as far as possible without changing anything.
  package func check() throws(FileError) {
    switch self {
    case .folder(let folder): try folder.check()
    case .standardOutput(let report): try report.check()
    case .rows, .nowhere: break
    }
  }

  /// Verifies that standard output is open and suitable for the report's format.
  ///
  /// - Throws: ``JobFailure``.
  package func checkStandardOutput(isTerminal: Bool) throws(JobFailure) {
    switch self {
    case .folder, .nowhere: return
    case .standardOutput, .rows: break
    }
    guard StandardStreams.outputIsWritable else {
      throw JobFailure(.unwritableOutput, "standard output is closed; open it, or choose a folder with --output")
    }
    guard !formats.contains(where: \.isBinary) || !isTerminal else {
      throw JobFailure(
        .usage, "a workbook can't be printed on a terminal; redirect standard output, or choose a folder with --output")
    }
  }

  /// Whether rows are printed while the run is in progress.
  package var printsRows: Bool {
    if case .rows = self { true } else { false }
  }

  /// Writes the reports in one pass over the rows. Does nothing if rows were printed while the run was in progress.
  ///
  /// - Parameter forEachBatch: calls its argument with all rows, in list order, in efficiently sized batches.
  /// - Throws: `FileError`, ``ReaderGone``, and what `forEachBatch` throws.
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
