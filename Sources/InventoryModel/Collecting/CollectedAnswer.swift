package import TextFormats

/// A project's answer that is ready to be stored in the ledger.
package struct CollectedAnswer: Hashable, Sendable {
  /// The project that the requests were made for.
  package var project: PendingProject
  package var answer: Answer
  /// Number of requests made for the project.
  package var attempts: Int
  /// Duration of the last attempt in milliseconds; nil if no request was made.
  package var durationMS: Int?
  /// End of the last attempt; nil if no request was made.
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

  /// UTF-8 size in bytes of the texts that may be long.
  package var byteCount: Int {
    project.projectID.utf8.count + (answer.integration?.byteCount ?? 0) + (answer.error?.message.utf8.count ?? 0)
  }

  /// Line of the list row that the requests were made for.
  package var line: Int { project.line }

  /// Whether other rows of the list (same project, same credential) share this answer.
  package var isShared: Bool { project.rows > 1 }
}

/// A project to request from the gateway.
package struct PendingProject: Hashable, Sendable {
  package var line: Int
  package var projectID: String
  /// Name of the credential for the requests.
  package var credential: String
  /// Number of list rows that share the answer: this row, and those with the same project and credential.
  package var rows: Int

  package init(line: Int, projectID: String, credential: String, rows: Int = 1) {
    self.line = line
    self.projectID = projectID
    self.credential = credential
    self.rows = rows
  }
}
