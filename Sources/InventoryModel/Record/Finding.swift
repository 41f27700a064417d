import TextFormats

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
