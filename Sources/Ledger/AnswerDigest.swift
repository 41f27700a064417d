package import InventoryModel
import Synchronization

/// What the end of a run needs of its answers, gathered while they come, so that the rows need not all be read once more
/// for it.
///
/// For a run that is asked in one go, whose rows have a request each, in memory that hardly grows with their number. Of any
/// other it says nothing, and the ledger looks through the rows; what is told is the same.
package final class AnswerDigest: Sendable {
  /// Findings beyond which nothing is gathered any more.
  private static let mostFindings = 10_000

  private struct State: Sendable {
    /// nil once it is given up.
    var contents: Contents?
  }

  /// All of a run's answers.
  package struct Contents: Sendable {
    var figures = AnswerFigures()
    /// Of rows that are `found`.
    var ages: UpdateAges
    var examination: RowExamination
    var findings: [RowFinding] = []

    package var outcomes: OutcomeCounts { figures.outcomes }

    fileprivate mutating func add(_ collected: CollectedAnswer, _ rowFindings: (ResultRow) -> [Finding]) {
      let answer = collected.answer
      figures.note(answer.outcome, credential: collected.project.credential)
      if let integration = answer.integration {
        figures.note(host: integration.webhookHost, authType: integration.authType)
        ages.note(integration.updatedAt.flatMap { Timestamp(rfc3339: $0) })
      }
      let row = ResultRow(
        line: collected.line, projectID: collected.project.projectID, outcome: answer.outcome,
        httpStatus: answer.httpStatus, integration: answer.integration, fetchedAt: collected.fetchedAt?.description)
      findings += examination.examine(row, by: rowFindings)
    }
  }

  private let rowFindings: @Sendable (ResultRow) -> [Finding]
  private let state: Mutex<State>

  /// - Parameters:
  ///   - begun: when the run began.
  ///   - projects: those that several of its rows have.
  ///   - rowFindings: of one row, whose other columns it does not look at.
  package init(
    begun: Timestamp, projects: RepeatedTexts, _ rowFindings: @escaping @Sendable (ResultRow) -> [Finding]
  ) {
    self.rowFindings = rowFindings
    state = Mutex(
      State(contents: Contents(ages: UpdateAges(begun: begun), examination: RowExamination(projects: projects))))
  }

  /// Takes answers that are committed.
  package func add(_ answers: [CollectedAnswer]) {
    state.withLock { state in
      for answer in answers {
        guard let findings = state.contents?.findings.count else { return }
        if answer.isShared || findings > Self.mostFindings {
          state.contents = nil
        } else {
          state.contents?.add(answer, rowFindings)
        }
      }
    }
  }

  /// What was gathered, if it is all of the run.
  ///
  /// - Parameter rows: that the run has.
  package func contents(ofAll rows: Int) -> Contents? {
    state.withLock { state in
      guard state.contents?.outcomes.total == rows else { return nil }
      state.contents?.findings.sort { $0.line < $1.line }
      return state.contents
    }
  }
}
