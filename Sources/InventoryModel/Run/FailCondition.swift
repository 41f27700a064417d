/// A condition of `--fail-on`. If it matches, the run exits with 1 even though every row was answered.
package enum FailCondition: Hashable, Sendable, CustomStringConvertible {
  /// A project has no integration.
  case notFound
  /// A row has a finding of this severity or a worse one.
  case finding(atLeast: Severity)
  /// A row differs from the last answer for its project, or is the project's first answer.
  case changed

  /// The changes that match ``changed``. An `unknown` row gives no information, and an `unlisted` project was not
  /// requested.
  package static let changes: [Change] = [.new, .added, .changed, .gone]

  /// Parses `not-found`, `finding`, `finding:low`, `finding:medium`, `finding:high`, or `changed`; nil for any other
  /// text.
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

/// The result of checking a ``FailCondition`` against a run.
package struct ConditionCheck: Sendable {
  /// A row that meets the condition.
  package struct Match: Hashable, Sendable {
    package var line: Int
    package var projectID: String
    /// `not_found`, the rules of the findings, or the change and the changed fields.
    package var what: String

    package init(line: Int, projectID: String, what: String) {
      self.line = line
      self.projectID = projectID
      self.what = what
    }
  }

  package var condition: FailCondition
  /// Number of rows that meet the condition. The condition holds if there is at least one.
  package var rows: Int
  /// The first matching rows, in list order.
  package var first: [Match]

  package init(_ condition: FailCondition, rows: Int, first: [Match]) {
    self.condition = condition
    self.rows = rows
    self.first = first
  }

  package var holds: Bool { rows > 0 }
}
