package import TextFormats

/// An answer on its way into the ledger.
package struct CollectedAnswer: Hashable, Sendable {
  /// What was asked for.
  package var project: PendingProject
  package var answer: Answer
  /// Requests made for the project.
  package var attempts: Int
  /// Of the last attempt, in milliseconds; nil when there was none.
  package var durationMS: Int?
  /// When the last attempt ended; nil when there was none.
  package var fetchedAt: Timestamp?

  package init(
    project: PendingProject, answer: Answer, attempts: Int, durationMS: Int?, fetchedAt: Timestamp?
  ) {
    self.project = project
    self.answer = answer
    self.attempts = attempts
    self.durationMS = durationMS
    self.fetchedAt = fetchedAt
  }

  /// Of the texts that may be long.
  package var byteCount: Int {
    project.projectID.utf8.count + (answer.integration?.byteCount ?? 0) + (answer.error?.message.utf8.count ?? 0)
  }

  /// The line of the row that was asked for.
  package var line: Int { project.line }

  /// Whether further rows of the list (same project, same credential) take this answer too.
  package var isShared: Bool { project.rows > 1 }
}

/// A project that waits to be asked for.
package struct PendingProject: Hashable, Sendable {
  package var line: Int
  package var projectID: String
  /// The name of the credential to ask with.
  package var credential: String
  /// Rows of the list that take the answer: this one, and those with the same project and credential.
  package var rows: Int

  package init(line: Int, projectID: String, credential: String, rows: Int = 1) {
    self.line = line
    self.projectID = projectID
    self.credential = credential
    self.rows = rows
  }
}
