package import Files
package import InventoryModel

/// One report that is written to a stream, with the same bytes as its file.
package struct SingleReport: Sendable {
  package let format: ReportFormat
  let csvProfile: CSVProfile
  let html: HTMLOptions

  package init(format: ReportFormat, csvProfile: CSVProfile, html: HTMLOptions) {
    self.format = format
    self.csvProfile = csvProfile
    self.html = html
  }

  /// Where a format is made that needs a working folder.
  private var workingPlace: String { WorkingFolder.temporaryPlace(for: format.fileName(csvProfile)) }

  /// Rows that the HTML report's table holds at most; nil for other formats.
  package var rowLimit: Int? { format.limitsRows ? html.rowLimit : nil }

  /// Makes sure that the report can be made, and leaves nothing behind.
  package func probe() throws(FileError) {
    if format.needsWorkingFolder { try WorkingFolder.probe(beside: workingPlace) }
  }

  /// As ``probe()``, as far as possible without touching anything.
  package func check() throws(FileError) {
    if format.needsWorkingFolder { try WorkingFolder.check(beside: workingPlace) }
  }

  /// - Parameters:
  ///   - output: writes the bytes, piece by piece.
  ///   - forEachBatch: calls its argument with all rows, in list order, batch by batch.
  package func write(
    _ run: ReportedRun, to output: @escaping ([UInt8]) throws -> Void,
    forEachBatch: (([ResultRow]) throws -> Void) throws -> Void
  ) throws {
    var writer = try format.writer(
      ReportRequest(run: run, csvProfile: csvProfile, html: html, formats: [format], place: workingPlace))
    try output(writer.begin())
    try forEachBatch { rows in try output(writer.rows(rows.span)) }
    try output(writer.end())
    // The file is removed together with the writer that made it.
    try withExtendedLifetime(writer) {
      guard let made = writer.madeFile else { return }
      let file = try InputFile(path: made)
      while let piece = try file.read() { try output(piece) }
    }
  }
}
