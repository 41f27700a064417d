import InventoryJobs

extension ProgramVersion {
  /// With the commit from which it is built, where that is known.
  static let full = Commit.current.isEmpty ? current : "\(current) (\(Commit.current))"
}
