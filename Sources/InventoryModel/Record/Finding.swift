import TextFormats

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

/// A match of an audit rule in one row. A row has at most one finding per rule.
package struct Finding: Hashable, Sendable {
  /// Maximum length of a detail in Unicode scalars.
  package static let longestDetail = 200

  package var rule: AuditRule
  /// What was found, as a short sentence without secrets or invisible characters.
  package var detail: String

  package var severity: Severity { rule.severity }

  /// - Parameter detail: The detail. Invisible characters are made visible, and the text is cut to ``longestDetail``.
  package init(_ rule: AuditRule, _ detail: String) {
    self.rule = rule
    self.detail = detail.visible.clipped(to: Self.longestDetail)
  }

  /// The order of a row's findings in reports: most severe first, then by rule name.
  package static func comesFirst(_ one: Finding, _ other: Finding) -> Bool {
    (one.severity.rank, one.rule.name) < (other.severity.rank, other.rule.name)
  }
}

/// The number of findings of each severity.
package struct FindingCounts: Hashable, Sendable {
  private var counts: [Severity: Int] = [:]

  package init() {}

  /// Number of findings of this severity; 0 if there are none.
  package subscript(severity: Severity) -> Int {
    get { counts[severity, default: 0] }
    set { counts[severity] = newValue }
  }

  package var total: Int { counts.values.reduce(0, +) }
}

extension String {
  /// Returns the text, cut to at most this many Unicode scalars. If it is cut, the last scalar is an ellipsis.
  package func clipped(to length: Int) -> String {
    // A text has no more scalars than bytes.
    guard utf8.count > length, unicodeScalars.count > length else { return self }
    return String(unicodeScalars.prefix(length - 1)) + "…"
  }
}
