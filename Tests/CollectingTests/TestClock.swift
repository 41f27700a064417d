import Synchronization

@testable import Collecting

/// A clock that stands still until a test moves it: an hour of pacing in a millisecond.
///
/// ``run(while:)`` moves it from one sleeper's time to the next for as long as an operation lasts.
final class TestClock: Clock, Sendable {
  /// Runs what uses the clock, on one thread: while a busy machine stops that, it stops the mover of the clock, too.
  let executor: any TaskExecutor = ThreadExecutor(label: "test clock")

  struct Instant: InstantProtocol {
    var offset: Duration

    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private struct Sleeper {
    let id: Int
    let wakeTime: Instant
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var now = Instant(offset: .zero)
    var nextID = 0
    var calls = 0
    var sleepers: [Sleeper] = []
    var cancelled: Set<Int> = []
  }

  private let state = Mutex(State())

  /// How often the clock was read or slept on.
  private var calls: Int { state.withLock { $0.calls } }

  var now: Instant {
    state.withLock { state in
      state.calls += 1
      return state.now
    }
  }
  var minimumResolution: Duration { .nanoseconds(1) }

  func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      state.calls += 1
      return state.nextID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let outcome: Result<Void, any Error>? = state.withLock { state in
          if state.cancelled.contains(id) { return .failure(CancellationError()) }
          if deadline <= state.now { return .success(()) }
          state.sleepers.append(Sleeper(id: id, wakeTime: deadline, continuation: continuation))
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      let sleeper: Sleeper? = state.withLock { state in
        state.cancelled.insert(id)
        guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else { return nil }
        return state.sleepers.remove(at: index)
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }

  /// Goes to the earliest sleeper's time and wakes who sleeps until then.
  private func advance() {
    let woken: [Sleeper] = state.withLock { state in
      guard let next = state.sleepers.map(\.wakeTime).min() else { return [] }
      state.now = max(state.now, next)
      let woken = state.sleepers.filter { $0.wakeTime <= state.now }
      state.sleepers.removeAll { $0.wakeTime <= state.now }
      return woken
    }
    for sleeper in woken { sleeper.continuation.resume() }
  }

  /// Runs the operation, moving the clock on whenever every task of the process has come to rest.
  func run<Value: Sendable>(while operation: @escaping @Sendable () async throws -> Value) async throws -> Value {
    let task = Task(executorPreference: executor) { try await operation() }
    let mover = Task(executorPreference: executor) {
      while !Task.isCancelled {
        // What was woken has to go to sleep again first: nothing may have happened for a while.
        var calls = -1
        var looks = 0
        while calls != self.calls {
          calls = self.calls
          looks += 1
          for _ in 0..<20 { await Task.yield() }
          let look = ContinuousClock.now
          try await Task.sleep(for: .microseconds(500))
          // Where the machine is too busy for this, it may be too busy for those that were woken as well.
          if look.duration(to: .now) > .milliseconds(3), looks < 50 { calls = -1 }
        }
        self.advance()
      }
    }
    defer { mover.cancel() }
    return try await task.value
  }
}
