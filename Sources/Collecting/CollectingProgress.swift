package import InventoryModel
import Synchronization

/// The progress of collecting.
package struct CollectingProgress: Sendable {
  /// Rows settled so far, by outcome.
  package var outcomes: OutcomeCounts
  /// Requests sent, retries included.
  package var requests = 0
  /// Requests that got an HTTP response.
  package var responses = 0
  /// Requests for projects that had been requested before.
  package var retries = 0
  /// The rate that the gateway has lowered the run to, in requests a second; nil while it accepts the rate that was asked
  /// for.
  package var loweredRate: Double?
  /// Requests that are in flight.
  package var inFlight = 0
  /// Projects that wait for their next attempt.
  package var waiting = 0

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

/// The current progress, for anyone to read.
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

/// What happens to single projects.
package enum CollectingEvent: Sendable {
  /// The attempt got no answer, and another follows.
  case willRetry(PendingProject, attempt: Int, error: RowError?, wait: Duration)
  /// The gateway asks for a wait that is longer than any run waits. The project fails, or is left open if the gateway asks
  /// that of all requests.
  case sentAway(PendingProject, attempt: Int, error: RowError?, wait: Duration)
  /// The project has its answer, or will get none.
  case settled(PendingProject, Answer, attempts: Int)
}
