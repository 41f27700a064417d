package import InventoryModel

/// The ledger of one run, as far as collecting needs it. Its methods may block.
package protocol CollectingLedger: Sendable {
  /// The next projects without an answer after a line of the list; empty at the end.
  ///
  /// Throws `CancellationError`, and nothing else, where the task was cancelled before the end.
  ///
  /// - Parameter credential: that of the projects; nil for any.
  func pendingProjects(
    ofCredential credential: String?, afterLine line: Int, limit: Int
  ) async throws -> [PendingProject]

  /// Makes answers durable, with the numbers of requests and responses since the last call.
  func commit(_ answers: [CollectedAnswer], requests: Int, responses: Int) async throws

  /// Whether a commit waits for another program. No request should be sent meanwhile.
  var isHeldUp: Bool { get }

  /// Keeps answers that could not be committed outside the ledger, until the run is resumed.
  func setAside(_ answers: [CollectedAnswer], requests: Int, responses: Int) async throws
}

/// Answers could neither be committed nor set aside.
package struct AnswersLost: Error {
  package var count: Int
  /// Why they could not be committed.
  package var cause: any Error
}
