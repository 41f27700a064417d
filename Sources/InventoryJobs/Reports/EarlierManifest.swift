import Files
import InventoryModel
import Reporting
import TextFormats

/// What the manifest in a folder says of the reports there.
struct EarlierManifest {
  let run: Int64
  let startedAt: String
  /// Of the reports; without formats that this program does not know.
  let formats: [ReportFormat]
  /// nil where there is no CSV report.
  let csvProfile: CSVProfile?

  /// Bytes that a manifest may have.
  private static let limit = 1_048_576

  /// nil where there is none that can be read.
  init?(folder: String) {
    guard
      let bytes = try? InputFile.contents(of: ReportFolder.path(folder) + "/" + Manifest.fileName, limit: Self.limit),
      case .object(let manifest)? = try? JSONReader.value(in: bytes),
      let run = manifest["run"]?.text.flatMap(Int64.init),
      let startedAt = manifest["started_at"]?.text, case .array(let files)? = manifest["files"]
    else { return nil }
    func texts(_ name: String) -> [String] {
      files.compactMap { if case .object(let file) = $0 { file[name]?.text } else { nil } }
    }
    self.run = run
    self.startedAt = startedAt
    formats = texts("format").compactMap(ReportFormat.init)
    csvProfile = texts("profile").first.flatMap(CSVProfile.init)
  }
}
