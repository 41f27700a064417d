package import InventoryModel

/// What collecting needs of the ledger, for one run.
package protocol CollectingLedger: Sendable {
  /// The next projects without an answer after a line of the list; empty at the end.
  ///
  /// Throws `CancellationError`, and nothing else, where the task was cancelled before the end.
  ///
  /// - Parameter credential: that of the projects; nil for any.
  func pendingProjects(
    ofCredential credential: String?, afterLine line: Int, limit: Int
  ) async throws -> [PendingProject]

  /// Makes answers durable, and the requests and responses that were counted since the last call.
  func commit(_ answers: [CollectedAnswer], requests: Int, responses: Int) async throws

  /// Whether it waits for another program: then nothing can be committed, and no request should be sent.
  var isHeldUp: Bool { get }

  /// Keeps answers that could not be committed elsewhere, for when the run goes on.
  func setAside(_ answers: [CollectedAnswer], requests: Int, responses: Int) async throws
}

/// Answers came that could neither be committed nor set aside.
package struct AnswersLost: Error {
  package var count: Int
  /// Why they could not be committed.
  package var cause: any Error
}
