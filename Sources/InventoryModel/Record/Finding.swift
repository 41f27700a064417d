import TextFormats

/// How serious a finding is.
package enum Severity: String, CaseIterable, Sendable {
  case high, medium, low

  /// 0 for the worst.
  package var rank: Int {
    switch self {
    case .high: 0
    case .medium: 1
    case .low: 2
    }
  }
}

/// What an audit looks for. Each rule is described in a file of its own in the target `Auditing`.
package struct AuditRule: Hashable, Sendable {
  /// As reports and scripts use it: lower-case words joined by hyphens.
  package let name: String
  package let severity: Severity

  package init(_ name: String, _ severity: Severity) {
    self.name = name
    self.severity = severity
  }
}

/// What an audit found in one row; a row has at most one finding of a rule.
package struct Finding: Hashable, Sendable {
  /// Unicode scalars that a detail has at most.
  package static let longestDetail = 200

  package var rule: AuditRule
  /// What was found, in a short sentence without secrets and without anything invisible.
  package var detail: String

  package var severity: Severity { rule.severity }

  /// - Parameter detail: made visible, and cut to ``longestDetail``.
  package init(_ rule: AuditRule, _ detail: String) {
    self.rule = rule
    self.detail = detail.visible.clipped(to: Self.longestDetail)
  }

  /// The order of a row's findings in reports: worst first, then by the rule's name.
  package static func comesFirst(_ one: Finding, _ other: Finding) -> Bool {
    (one.severity.rank, one.rule.name) < (other.severity.rank, other.rule.name)
  }
}

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

extension String {
  /// At most this many Unicode scalars; the last is an ellipsis when any were cut off.
  package func clipped(to length: Int) -> String {
    // A text has no more scalars than bytes.
    guard utf8.count > length, unicodeScalars.count > length else { return self }
    return String(unicodeScalars.prefix(length - 1)) + "…"
  }
}
