/// How serious a finding is.
package enum Severity: String, CaseIterable, Sendable {
  case high, medium, low

  /// The sort order: 0 is the most severe.
  package var rank: Int {
    switch self {
    case .high: 0
    case .medium: 1
    case .low: 2
    }
  }
}

/// A rule that an audit checks. Each rule is described in its own file in the target `Auditing`.
package struct AuditRule: Hashable, Sendable {
  /// The name in reports and scripts: lower-case words joined by hyphens.
  package let name: String
  package let severity: Severity

  package init(_ name: String, _ severity: Severity) {
    self.name = name
    self.severity = severity
  }
}
