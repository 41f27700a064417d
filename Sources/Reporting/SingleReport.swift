package import Files
package import InventoryModel

/// One report on its way to a stream, the same as its file would have been.
package struct SingleReport: Sendable {
  package let format: ReportFormat
  let csvProfile: CSVProfile
  package let html: HTMLOptions

  package init(format: ReportFormat, csvProfile: CSVProfile, html: HTMLOptions) {
    self.format = format
    self.csvProfile = csvProfile
    self.html = html
  }

  /// A workbook is made in a file before it is whole.
  private var workingPlace: String { WorkingFolder.temporaryPlace(for: format.fileName(csvProfile)) }

  /// Makes sure that it could be made.
  package func probe() throws(FileError) {
    if format == .xlsx { try WorkingFolder.probe(beside: workingPlace) }
  }

  /// Finds out the same, as far as it can be known, without touching anything.
  package func check() throws(FileError) {
    if format == .xlsx { try WorkingFolder.check(beside: workingPlace) }
  }

  /// - Parameters:
  ///   - output: takes the bytes, piece by piece.
  ///   - forEachBatch: calls its argument with all rows, in list order, some at a time.
  package func write(
    _ run: ReportedRun, to output: @escaping ([UInt8]) throws -> Void,
    forEachBatch: (([ResultRow]) throws -> Void) throws -> Void
  ) throws {
    var writer = try format.writer(
      for: run, profile: csvProfile, html: html, companions: [format], place: workingPlace)
    try output(writer.begin())
    try forEachBatch { rows in try output(writer.rows(rows.span)) }
    try output(writer.end())
    // The file goes with the writer that has made it.
    try withExtendedLifetime(writer) {
      guard let made = writer.madeFile else { return }
      let file = try InputFile(path: made)
      while let piece = try file.read() { try output(piece) }
    }
  }
}
