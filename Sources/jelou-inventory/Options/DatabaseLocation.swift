import Files
import Reporting

/// The location of the database: `--database FILE`, otherwise `inventory.db` in the output folder, otherwise
/// `inventory.db` in the default folder.
struct DatabaseLocation {
  /// The default output folder.
  static let standardFolder = "inventory"

  /// The value of `--database`; nil when it is not given.
  let database: String?
  /// The value of `--output`: a folder, or `-` for standard output.
  let output: String

  /// Where a run stores its database. nil when its report is written to standard output and no database is named: the
  /// run then needs only a temporary database.
  var kept: String? { database ?? (output == "-" ? nil : Self.path(inFolder: output)) }

  /// Where the other commands look for the database.
  var existing: String { kept ?? Self.path(inFolder: Self.standardFolder) }

  /// The path of a database, given the path of the file or of its folder.
  static func path(named name: String) -> String {
    FileStatus(path: name)?.isDirectory == true ? path(inFolder: name) : name
  }

  private static func path(inFolder folder: String) -> String { ReportFolder.path(folder) + "/inventory.db" }
}
