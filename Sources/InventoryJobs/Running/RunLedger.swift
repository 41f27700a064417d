import Collecting
import InventoryModel
import Ledger

/// One run's part of the ledger, as used for collecting.
struct RunLedger: CollectingLedger {
  let ledger: LedgerDatabase
  let run: RunRecord
  /// Receives committed answers; nil if no rows are written before the run ends.
  var rows: RowStream?

  func pendingProjects(
    ofCredential credential: String?, afterLine line: Int, limit: Int
  ) async throws -> [PendingProject] {
    await rows?.waitForReader()
    return try await ledger.pendingProjects(ofRun: run.id, credential: credential, afterLine: line, limit: limit)
  }

  func commit(_ answers: [CollectedAnswer], requests: Int, responses: Int) async throws {
    try await ledger.commit(answers, requests: requests, responses: responses, toRun: run.id)
    rows?.note(answers)
  }

  var isHeldUp: Bool { ledger.isHeldUp }

  func setAside(_ answers: [CollectedAnswer], requests: Int, responses: Int) throws {
    try ledger.setAside(answers, requests: requests, responses: responses, ofRun: run)
  }
}
