package import Files
package import InventoryModel

/// One report that is written to a stream, with the same bytes as in its file.
package struct SingleReport: Sendable {
  package let format: ReportFormat
  let csvProfile: CSVProfile
  let html: HTMLOptions

  package init(format: ReportFormat, csvProfile: CSVProfile, html: HTMLOptions) {
    self.format = format
    self.csvProfile = csvProfile
    self.html = html
  }

  /// Temporary path for a format that needs a working folder.
  private var workingPlace: String { WorkingFolder.temporaryPlace(for: format.fileName(csvProfile)) }

  /// Maximum number of rows in the HTML report's table; nil for other formats.
  package var rowLimit: Int? { format.limitsRows ? html.rowLimit : nil }

  /// Verifies that the report can be created. It leaves no files behind.
  package func probe() throws(FileError) {
    if format.needsWorkingFolder { try WorkingFolder.probe(beside: workingPlace) }
  }

  /// Performs the checks of ``probe()`` that are possible without changing anything on disk.
  package func check() throws(FileError) {
    if format.needsWorkingFolder { try WorkingFolder.check(beside: workingPlace) }
  }

  /// Writes the report.
  ///
  /// - Parameters:
  ///   - output: Receives the bytes in chunks.
  ///   - forEachBatch: Calls its argument with all rows, in list order, batch by batch.
  package func write(
    _ run: ReportedRun, to output: @escaping ([UInt8]) throws -> Void,
    forEachBatch: (([ResultRow]) throws -> Void) throws -> Void
  ) throws {
    var writer = try format.writer(
      ReportRequest(run: run, csvProfile: csvProfile, html: html, formats: [format], place: workingPlace))
    try output(writer.begin())
    try forEachBatch { rows in try output(writer.rows(rows.span)) }
    try output(writer.end())
    // The file is removed when its writer is released, so the writer must outlive the copy.
    try withExtendedLifetime(writer) {
      guard let made = writer.madeFile else { return }
      let file = try InputFile(path: made)
      while let piece = try file.read() { try output(piece) }
    }
  }
}
