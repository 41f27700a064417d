import Synchronization

/// The time at which a started request was really sent, as its transport reports it. Times are those of the ``Pacer``.
final class SendTimestamp: Sendable {
  private enum State {
    case pending([CheckedContinuation<Void, Never>])
    case sent(Duration)
  }

  private let state = Mutex(State.pending([]))
  private let started: Duration

  /// - Parameter started: when the request was started.
  init(started: Duration) { self.started = started }

  /// The time; nil until it is known.
  var time: Duration? {
    state.withLock { state in
      if case .sent(let time) = state { time } else { nil }
    }
  }

  /// Records that the request has been sent. Only the first report counts.
  func note(at time: Duration) {
    let waiters = state.withLock { state in
      guard case .pending(let waiters) = state else { return [] as [CheckedContinuation<Void, Never>] }
      state = .sent(time)
      return waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Records that the request has ended. One that was never sent counts as sent when it was started.
  func end() { note(at: started) }

  /// Returns when the time is known.
  func wait() async {
    await withCheckedContinuation { continuation in
      let isKnown = state.withLock { state in
        guard case .pending(let waiters) = state else { return true }
        state = .pending(waiters + [continuation])
        return false
      }
      if isKnown { continuation.resume() }
    }
  }
}
