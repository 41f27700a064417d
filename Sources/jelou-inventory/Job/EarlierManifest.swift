import Files
import FoundationEssentials
import Reporting

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

  private struct Content: Decodable {
    struct File: Decodable {
      var format: String
      var profile: String?
    }

    var run: Int64
    var startedAt: String
    var files: [File]

    private enum CodingKeys: String, CodingKey {
      case run, files
      case startedAt = "started_at"
    }
  }

  /// nil where there is none that can be read.
  init?(folder: String) {
    guard
      let bytes = try? InputFile.contents(of: ReportFolder.path(folder) + "/" + Manifest.fileName, limit: Self.limit),
      let content = try? JSONDecoder().decode(Content.self, from: Data(bytes))
    else { return nil }
    run = content.run
    startedAt = content.startedAt
    formats = content.files.compactMap { ReportFormat(rawValue: $0.format) }
    csvProfile = content.files.compactMap(\.profile).first.flatMap(CSVProfile.init)
  }
}
