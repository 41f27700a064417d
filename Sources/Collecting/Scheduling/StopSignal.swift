import Synchronization

/// Ends a run early, from any task or thread. From the first ``stop(_:)`` on, no request is started.
package final class StopSignal: Sendable {
  private let firstReason = Mutex<StopReason?>(nil)
  private let stopped: AsyncStream<Never>
  private let end: AsyncStream<Never>.Continuation

  package init() {
    (stopped, end) = AsyncStream.makeStream()
  }

  /// Why the run is to stop; nil while it is not.
  package var reason: StopReason? { firstReason.withLock { $0 } }

  /// Only the first reason counts.
  package func stop(_ reason: StopReason) {
    firstReason.withLock { $0 = $0 ?? reason }
    end.finish()
  }

  /// Returns when the run is to stop or the task is cancelled. For one task only.
  func wait() async {
    for await _ in stopped {}
  }
}
