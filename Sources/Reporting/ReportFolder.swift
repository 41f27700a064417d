package import Files
package import InventoryModel

/// The output folder of the reports. Each report is first written to a temporary file next to its destination. When all
/// of them are complete, they are moved to their destinations, the manifest last.
package struct ReportFolder: Sendable {
  package let path: String
  package let formats: [ReportFormat]
  /// Dialect of the CSV report.
  package let csvProfile: CSVProfile
  /// Options of the HTML report.
  package let html: HTMLOptions

  package init(path: String, formats: [ReportFormat], csvProfile: CSVProfile = .rfc4180, html: HTMLOptions) {
    self.csvProfile = csvProfile
    self.html = html
    self.path = Self.path(path)
    self.formats = ReportFormat.allCases.filter(formats.contains)
  }

  /// Returns a path without trailing slashes.
  package static func path(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  /// Paths of all files: the reports, then the manifest.
  package var files: [String] { formats.map(file(of:)) + [manifestFile] }

  package func file(of format: ReportFormat) -> String { path + "/" + format.fileName(csvProfile) }

  /// Maximum number of rows in the HTML report's table; nil if there is no such report.
  package var rowLimit: Int? { formats.contains(where: \.limitsRows) ? html.rowLimit : nil }

  private var manifestFile: String { path + "/" + Manifest.fileName }

  /// Verifies that each file can be written. It leaves no files behind.
  package func probe() throws(FileError) {
    // Includes formats and dialects that this run does not write.
    for format in ReportFormat.allCases {
      for profile in CSVProfile.allCases {
        AtomicFile.removeLeftover(path: path + "/" + format.fileName(profile))
        WorkingFolder.removeLeftover(beside: path + "/" + format.fileName(profile))
      }
    }
    for file in files { try AtomicFile.probe(path: file) }
    for format in formats where format.needsWorkingFolder { try WorkingFolder.probe(beside: file(of: format)) }
  }

  /// Performs the checks of ``probe()`` that are possible without changing anything on disk.
  package func check() throws(FileError) {
    for file in files { try AtomicFile.check(path: file) }
    for format in formats where format.needsWorkingFolder { try WorkingFolder.check(beside: file(of: format)) }
  }

  /// Writes all reports in parallel, in one pass over the rows.
  ///
  /// - Parameter forEachBatch: Calls its argument with all rows, in list order. Each batch is large enough to justify
  ///   switching threads, and small enough to fit in memory.
  /// - Returns: The files that the manifest lists.
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
    let queue = ReportQueue(reports)
    defer { queue.wait() }
    try queue.start { try $0.begin() }
    try forEachBatch { rows in try queue.start { try $0.write(rows) } }
    try queue.start { try $0.end() }
    try queue.finish()
    let files = reports.map { $0.listing(csvProfile) }
    let manifest = try AtomicFile(path: manifestFile)
    try manifest.write(Manifest(run: run, files: files).json)
    // All files are complete before the first is moved: a full disk leaves the previous run's reports unchanged.
    try manifest.finish()
    for report in reports { try report.putInPlace() }
    try manifest.putInPlace()
    return files
  }
}
