/// The program's version.
package enum ProgramVersion {
  /// Recorded in the database, shown in reports, and sent to the gateway as part of `User-Agent`.
  package static let current = "0.2.0"
}
