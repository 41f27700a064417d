import InventoryJobs

extension ProgramVersion {
  /// The version, with the commit from which the program is built, if known.
  static let full = Commit.current.isEmpty ? current : "\(current) (\(Commit.current))"
}
