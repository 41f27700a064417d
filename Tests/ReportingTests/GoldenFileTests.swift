import Foundation
import InventoryModel
import Reporting
import Testing

/// Each format's whole file, byte for byte, against the one that was looked at and found good.
///
/// After a change that is meant: run with `UPDATE_GOLDEN=1`, look at the difference, commit it.
@Suite("Reports of nasty values")
struct GoldenFileTests {
  private var golden: URL { URL(filePath: #filePath).deletingLastPathComponent().appending(component: "Golden") }

  @Test(
    "are, byte for byte, as they were when they were found good",
    arguments: ReportFormat.usual.map { $0.fileName(.rfc4180) } + ["manifest.json"])
  func bytes(name: String) throws {
    let folder = try TemporaryFolder()
    try ReportFolder(path: folder.path, formats: ReportFormat.usual, html: .english()).write(NastyRows.run) { body in
      try body(NastyRows.rows)
    }
    let written = try Data(contentsOf: URL(filePath: folder.path + "/" + name))
    try compare(written, with: name)
  }

  @Test("are so in every dialect of CSV", arguments: CSVProfile.allCases.filter { $0 != .rfc4180 })
  func dialects(profile: CSVProfile) throws {
    let folder = try TemporaryFolder()
    try ReportFolder(path: folder.path, formats: [.csv], csvProfile: profile, html: .english()).write(NastyRows.run) {
      body in
      try body(NastyRows.rows)
    }
    let written = try Data(contentsOf: URL(filePath: folder.path + "/" + profile.fileName))
    try compare(written, with: "inventory-\(profile.rawValue).csv")
  }

  private func compare(_ written: Data, with name: String) throws {
    let expected = golden.appending(component: name)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" { try written.write(to: expected) }
    #expect(written == (try Data(contentsOf: expected)), "\(name) differs; see Tests/ReportingTests/Golden")
  }
}
