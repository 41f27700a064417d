import Files
import InventoryModel
import Reporting
import TextFormats

/// The facts about existing reports, as recorded in their folder's manifest.
struct EarlierManifest {
  let run: Int64
  let startedAt: String
  /// Formats of the reports. Formats that this program does not know are omitted.
  let formats: [ReportFormat]
  /// nil if there is no CSV report.
  let csvProfile: CSVProfile?

  /// Maximum size of a manifest, in bytes.
  private static let limit = 1_048_576

  /// Reads the manifest in a folder. Returns nil if there is none or it can't be read.
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
