package import Files
package import InventoryModel

/// The reports' folder, and how they are written: each beside its place, all of them put in place once they are whole,
/// the manifest last.
package struct ReportFolder: Sendable {
  package let path: String
  package let formats: [ReportFormat]
  /// Of the CSV report.
  package let csvProfile: CSVProfile
  /// Of the HTML report.
  package let html: HTMLOptions

  package init(path: String, formats: [ReportFormat], csvProfile: CSVProfile = .rfc4180, html: HTMLOptions) {
    self.csvProfile = csvProfile
    self.html = html
    self.path = Self.path(path)
    self.formats = ReportFormat.allCases.filter(formats.contains)
  }

  /// A path without slashes at its end.
  package static func path(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  /// All files: the reports, then the manifest.
  package var files: [String] { formats.map(file(of:)) + [manifestFile] }

  package func file(of format: ReportFormat) -> String { path + "/" + format.fileName(csvProfile) }

  /// Rows that the HTML report's table holds at most; nil where there is no such report.
  package var rowLimit: Int? { formats.contains(where: \.limitsRows) ? html.rowLimit : nil }

  private var manifestFile: String { path + "/" + Manifest.fileName }

  /// Makes sure that each file can be written, and leaves nothing behind.
  package func probe() throws(FileError) {
    // Also of formats and dialects that are not written this time.
    for format in ReportFormat.allCases {
      for profile in CSVProfile.allCases {
        AtomicFile.removeLeftover(path: path + "/" + format.fileName(profile))
        WorkingFolder.removeLeftover(beside: path + "/" + format.fileName(profile))
      }
    }
    for file in files { try AtomicFile.probe(path: file) }
    for format in formats where format.needsWorkingFolder { try WorkingFolder.probe(beside: file(of: format)) }
  }

  /// As ``probe()``, as far as possible without touching anything.
  package func check() throws(FileError) {
    for file in files { try AtomicFile.check(path: file) }
    for format in formats where format.needsWorkingFolder { try WorkingFolder.check(beside: file(of: format)) }
  }

  /// Writes all reports in one pass over the rows, side by side.
  ///
  /// - Parameter forEachBatch: calls its argument with all rows, in list order, in batches that are worth a change of
  ///   threads and fit in memory.
  /// - Returns: what the manifest lists.
  @discardableResult
  package func write(
    _ run: ReportedRun, forEachBatch: (([ResultRow]) throws -> Void) throws -> Void
  ) throws -> [Manifest.File] {
    let reports = try formats.map { format in
      let file = try AtomicFile(path: file(of: format))
      return ReportInProgress(
        format,
        try format.writer(
          ReportRequest(
            run: run, csvProfile: csvProfile, html: html, formats: formats, place: self.file(of: format))),
        to: file)
    }
    try reports.sideBySide { try $0.begin() }
    try forEachBatch { rows in try reports.sideBySide { try $0.write(rows) } }
    try reports.sideBySide { try $0.end() }
    let files = reports.map { $0.listing(csvProfile) }
    let manifest = try AtomicFile(path: manifestFile)
    try manifest.write(Manifest(run: run, files: files).json)
    // All of them are whole before the first is put in place: a full disk leaves the last run's reports as they were.
    try manifest.finish()
    for report in reports { try report.putInPlace() }
    try manifest.putInPlace()
    return files
  }
}
