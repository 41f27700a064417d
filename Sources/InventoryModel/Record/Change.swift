/// What a row says against the newest earlier answer for the same project, whichever finished run gave it.
package enum Change: String, CaseIterable, Sendable {
  /// Never answered before.
  case new
  /// Had no integration, has one now.
  case added
  case unchanged
  /// Some fields differ.
  case changed
  /// Had an integration, has none now: the gateway said so.
  case gone
  /// No answer this time, asked or skipped.
  case unknown
}

/// What the gateway last said of a project that has no answer now.
package struct LastGood: Hashable, Sendable {
  /// nil when the answer was that there is no integration.
  package var webhookURL: String?
  /// RFC 3339 UTC: when that answer was there.
  package var at: String

  package init(webhookURL: String?, at: String) {
    self.webhookURL = webhookURL
    self.at = at
  }
}

/// A project of the run before that is no longer in the list.
package struct UnlistedProject: Hashable, Sendable {
  package var projectID: String
  /// The newest answer for it; nil when there never was one.
  package var lastGood: LastGood?

  package init(projectID: String, lastGood: LastGood?) {
    self.projectID = projectID
    self.lastGood = lastGood
  }
}

/// How many rows have each change, and how many projects are no longer in the list.
package struct ChangeCounts: Hashable, Sendable {
  private var counts: [Change: Int] = [:]
  /// Projects of the run before that this run's list lacks.
  package var unlisted = 0

  package init() {}

  /// Rows with this change; 0 where none has it.
  package subscript(change: Change) -> Int {
    get { counts[change, default: 0] }
    set { counts[change] = newValue }
  }

  /// Rows that were compared with anything at all.
  package var total: Int { counts.values.reduce(0, +) }
}
