import Collecting
import InventoryModel
import Synchronization
import TextFormats

/// Provides the projects of a probe for collecting. Their answers are kept in memory only.
final class ProbeLedger: CollectingLedger {
  /// In the order of the credentials.
  private let projects: [PendingProject]
  private let answers = Mutex<[Int: CollectedAnswer]>([:])

  init(_ projects: [PendingProject]) {
    self.projects = projects.map { project in
      var project = project
      // A probe's answer is not shared with other rows.
      project.rows = 1
      return project
    }
  }

  func pendingProjects(
    ofCredential credential: String?, afterLine line: Int, limit: Int
  ) async throws -> [PendingProject] {
    let next = projects.filter { $0.line > line && (credential.map($0.credential.isExactly) ?? true) }
    return Array(next.sorted { $0.line < $1.line }.prefix(limit))
  }

  let isHeldUp = false

  func setAside(_ answers: [CollectedAnswer], requests: Int, responses: Int) {}

  func commit(_ answers: [CollectedAnswer], requests: Int, responses: Int) async throws {
    self.answers.withLock { kept in for answer in answers { kept[answer.line] = answer } }
  }

  /// Returns the result of each probe, in the order of the credentials.
  ///
  /// - Parameter error: the error for projects that were not requested; nil if all were requested.
  func probes(unasked error: RowError?) -> [Forecast.Probe] {
    answers.withLock { answers in
      projects.map { project in
        let collected = answers[project.line]
        return .init(
          project: project, answer: collected?.answer ?? Answer(outcome: .skipped, error: error),
          latencyMS: collected?.durationMS)
      }
    }
  }
}
