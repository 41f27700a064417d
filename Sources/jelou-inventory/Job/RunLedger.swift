import Collecting
import InventoryModel
import Ledger

/// The ledger as one run's collecting sees it.
struct RunLedger: CollectingLedger {
  let ledger: Ledger
  let run: RunRecord
  /// Told what is committed; nil where nobody wants to know before the run is over.
  var rows: RowStream?
  /// Gathers what is committed; nil where the rows are looked through at the end.
  var digest: AnswerDigest?

  func pendingProjects(
    ofCredential credential: String?, afterLine line: Int, limit: Int
  ) async throws -> [PendingProject] {
    await rows?.waitForReader()
    return try await ledger.pendingProjects(ofRun: run.id, credential: credential, afterLine: line, limit: limit)
  }

  func commit(_ answers: [CollectedAnswer], requests: Int, responses: Int) async throws {
    try await ledger.commit(answers, requests: requests, responses: responses, toRun: run.id)
    digest?.add(answers)
    rows?.note(answers)
  }

  var isHeldUp: Bool { ledger.isHeldUp }

  func setAside(_ answers: [CollectedAnswer], requests: Int, responses: Int) throws {
    try ledger.setAside(answers, requests: requests, responses: responses, ofRun: run)
  }
}
