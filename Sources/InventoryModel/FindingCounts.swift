/// How many findings there are of each severity.
package struct FindingCounts: Hashable, Sendable {
  private var counts: [Severity: Int] = [:]

  package init() {}

  /// Findings of this severity; 0 where there are none.
  package subscript(severity: Severity) -> Int {
    get { counts[severity, default: 0] }
    set { counts[severity] = newValue }
  }

  package var total: Int { counts.values.reduce(0, +) }
}
