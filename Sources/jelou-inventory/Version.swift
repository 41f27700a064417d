/// The program's version.
enum Version {
  /// In reports, in the database and to the gateway.
  static let current = "0.2.0"

  /// With the commit that it is built from, where that is known.
  static let full = Commit.current.isEmpty ? current : "\(current) (\(Commit.current))"
}
