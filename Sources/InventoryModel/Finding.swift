/// How much a finding matters.
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

/// What an audit looks for, by the names that reports and scripts use.
package enum AuditRule: String, CaseIterable, Sendable {
  case webhookNotHTTPS = "webhook-not-https"
  case webhookNotPublic = "webhook-not-public"
  case webhookInvalid = "webhook-invalid"
  case webhookHasSecret = "webhook-has-secret"
  case secretInResponse = "secret-in-response"
  case hostNotAllowed = "host-not-allowed"
  case webhookUnexpected = "webhook-unexpected"
  case noAuth = "no-auth"
  case brainMismatch = "brain-mismatch"
  case webhookShared = "webhook-shared"
  case stale
  case timeInconsistent = "time-inconsistent"
  case unknownAuthType = "unknown-auth-type"
  case unexpectedField = "unexpected-field"
  case duplicateRow = "duplicate-row"

  package var severity: Severity {
    switch self {
    case .webhookNotHTTPS, .webhookNotPublic, .webhookInvalid, .webhookHasSecret, .secretInResponse, .hostNotAllowed,
      .webhookUnexpected:
      .high
    case .noAuth, .brainMismatch: .medium
    case .webhookShared, .stale, .timeInconsistent, .unknownAuthType, .unexpectedField, .duplicateRow: .low
    }
  }
}

/// What an audit says of one row; a row has at most one finding of a rule.
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

  /// The order in which reports tell a row's findings: worst first, then by the rule's name.
  package static func comesFirst(_ one: Finding, _ other: Finding) -> Bool {
    (one.severity.rank, one.rule.rawValue) < (other.severity.rank, other.rule.rawValue)
  }
}

extension String {
  /// At most this many Unicode scalars; the last is an ellipsis when any were cut off.
  package func clipped(to length: Int) -> String {
    // A text has no more scalars than bytes.
    guard utf8.count > length, unicodeScalars.count > length else { return self }
    return String(unicodeScalars.prefix(length - 1)) + "…"
  }
}
