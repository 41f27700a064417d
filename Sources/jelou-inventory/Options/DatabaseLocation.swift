import Files
import Reporting

/// Where every command finds the database: `--database FILE`, else `inventory.db` in the output folder, else the same in
/// the default folder.
struct DatabaseLocation {
  /// The output folder unless one is named.
  static let standardFolder = "inventory"

  /// What `--database` names; nil when it is not given.
  let database: String?
  /// What `--output` names: a folder, or `-` for standard output.
  let output: String

  /// Where a run keeps its database; nil when it needs only a temporary one, because its report goes to standard output.
  var kept: String? { database ?? (output == "-" ? nil : Self.path(inFolder: output)) }

  /// Where the other commands look for it.
  var existing: String { kept ?? Self.path(inFolder: Self.standardFolder) }

  /// A database that is named by itself or by the folder it is in.
  static func path(named name: String) -> String {
    FileStatus(path: name)?.isDirectory == true ? path(inFolder: name) : name
  }

  private static func path(inFolder folder: String) -> String { ReportFolder.path(folder) + "/inventory.db" }
}
