import Synchronization

/// Ends a run early: from the first ``stop(_:)`` on, no request is begun, and who waits to begin one is woken.
package final class StopSignal: Sendable {
  private struct State {
    var reason: StopReason?
    var sleepers: [Int: Task<Void, any Error>] = [:]
    var nextSleeper = 0
  }

  private let state = Mutex(State())
  private let stopped: AsyncStream<Never>
  private let end: AsyncStream<Never>.Continuation

  package init() {
    (stopped, end) = AsyncStream.makeStream()
  }

  /// Why the run is to stop; nil while it is not.
  package var reason: StopReason? { state.withLock { $0.reason } }

  /// The first reason counts.
  package func stop(_ reason: StopReason) {
    let sleepers = state.withLock { state in
      if state.reason == nil { state.reason = reason }
      defer { state.sleepers = [:] }
      return state.sleepers.values
    }
    for sleeper in sleepers { sleeper.cancel() }
    end.finish()
  }

  /// Returns at the signal, or when the task is cancelled. For one task only.
  func wait() async {
    for await _ in stopped {}
  }

  /// Sleeps until the time or the signal, whichever comes first. Throws when the task is cancelled.
  func sleep<C: Clock>(until time: C.Instant, on clock: C) async throws where C.Duration == Duration {
    let sleeper = Task { try await clock.sleep(until: time, tolerance: .zero) }
    let id: Int? = state.withLock { state in
      guard state.reason == nil else { return nil }
      state.nextSleeper += 1
      state.sleepers[state.nextSleeper] = sleeper
      return state.nextSleeper
    }
    guard let id else { return sleeper.cancel() }
    await withTaskCancellationHandler {
      _ = await sleeper.result
    } onCancel: {
      sleeper.cancel()
    }
    state.withLock { _ = $0.sleepers.removeValue(forKey: id) }
    try Task.checkCancellation()
  }
}
