/// What makes a run end with 1 although every row is answered, as `--fail-on` names it.
package enum FailCondition: Hashable, Sendable, CustomStringConvertible {
  /// A project has no integration.
  case notFound
  /// A row has a finding of this severity or a worse one.
  case finding(atLeast: Severity)
  /// A row differs from the last answer for its project, or is the first one.
  case changed

  /// What counts as ``changed``. A row that is `unknown` tells nothing, and a project that is `unlisted` was not asked
  /// for.
  package static let changes: [Change] = [.new, .added, .changed, .gone]

  /// Reads `not-found`, `finding`, `finding:low`, `finding:medium`, `finding:high` or `changed`; nil for anything else.
  package init?(_ text: some StringProtocol) {
    switch text {
    case "not-found": self = .notFound
    case "finding": self = .finding(atLeast: .low)
    case "changed": self = .changed
    default:
      let prefix = "finding:"
      guard text.hasPrefix(prefix), let severity = Severity(rawValue: String(text.dropFirst(prefix.count))) else {
        return nil
      }
      self = .finding(atLeast: severity)
    }
  }

  package var description: String {
    switch self {
    case .notFound: "not-found"
    case .finding(.low): "finding"
    case .finding(let severity): "finding:\(severity.rawValue)"
    case .changed: "changed"
    }
  }
}

/// How a ``FailCondition`` stands in a run.
package struct ConditionCheck: Sendable {
  /// A row that meets the condition.
  package struct Match: Hashable, Sendable {
    package var line: Int
    package var projectID: String
    /// `not_found`, the findings' rules, or the change and the fields.
    package var what: String

    package init(line: Int, projectID: String, what: String) {
      self.line = line
      self.projectID = projectID
      self.what = what
    }
  }

  package var condition: FailCondition
  /// Rows that meet the condition; it holds when there is one.
  package var rows: Int
  /// The first of them, in list order.
  package var first: [Match]

  package init(_ condition: FailCondition, rows: Int, first: [Match]) {
    self.condition = condition
    self.rows = rows
    self.first = first
  }

  package var holds: Bool { rows > 0 }
}
