package import InventoryModel
import Synchronization

/// Where collecting stands, for those who watch it.
package struct CollectingProgress: Sendable {
  /// Rows settled so far, by outcome.
  package var outcomes: OutcomeCounts
  /// Requests sent, retries included.
  package var requests = 0
  /// Requests that got an HTTP response.
  package var responses = 0
  /// Requests for a project that had been asked for before.
  package var retries = 0
  /// Requests a second that the gateway holds the run to; nil while it takes the rate that was asked for.
  package var loweredRate: Double?

  package init(outcomes: OutcomeCounts = OutcomeCounts()) {
    self.outcomes = outcomes
  }

  mutating func countRequest(gotResponse: Bool, isRetry: Bool, loweredRate: Double?) {
    requests += 1
    if gotResponse { responses += 1 }
    if isRetry { retries += 1 }
    self.loweredRate = loweredRate
  }
}

/// The one place where workers write down how far they are.
package final class ProgressBoard: Sendable {
  private let state: Mutex<CollectingProgress>

  /// - Parameter outcomes: rows that are settled already.
  package init(outcomes: OutcomeCounts = OutcomeCounts()) {
    state = Mutex(CollectingProgress(outcomes: outcomes))
  }

  package var current: CollectingProgress { state.withLock { $0 } }

  func update(_ change: (inout CollectingProgress) -> Void) {
    state.withLock { change(&$0) }
  }
}

/// Something worth telling at the time it happens.
package enum CollectingEvent: Sendable {
  /// The attempt brought no answer, and another follows.
  case willRetry(PendingProject, attempt: Int, error: RowError?, wait: Duration)
  /// The gateway asks to wait longer than any run waits. The project fails, or is left open if that is asked of everybody.
  case sentAway(PendingProject, attempt: Int, error: RowError?, wait: Duration)
  /// The project has its answer, or none will come.
  case settled(PendingProject, Answer, attempts: Int)
}
