/// How a row compares with the newest earlier answer for the same project, from any finished run.
package enum Change: String, CaseIterable, Sendable {
  /// The project was never answered before.
  case new
  /// The project had no integration and has one now.
  case added
  case unchanged
  /// Some fields differ.
  case changed
  /// The project had an integration, and the gateway reports that it has none now.
  case gone
  /// There is no answer this time, whether the project was requested or skipped.
  case unknown
}

/// The gateway's last answer for a project that has no answer now.
package struct LastGood: Hashable, Sendable {
  /// nil if the gateway reported that there is no integration.
  package var webhookURL: String?
  /// Time of that answer (RFC 3339, UTC).
  package var at: String

  package init(webhookURL: String?, at: String) {
    self.webhookURL = webhookURL
    self.at = at
  }
}

/// A project of the previous run that is no longer in the list.
package struct UnlistedProject: Hashable, Sendable {
  package var projectID: String
  /// The newest answer for the project; nil if it was never answered.
  package var lastGood: LastGood?

  package init(projectID: String, lastGood: LastGood?) {
    self.projectID = projectID
    self.lastGood = lastGood
  }
}
