import InventoryModel
import Synchronization

/// A run's answers that are not committed yet, and the places of those that are still to come.
///
/// A place is reserved before a request is sent, and its answer keeps it until it is committed. So the number of places
/// bounds what a kill can lose, and requests slow down to the pace of the disk. While a commit is held up by another
/// program, no places are given at all.
final class UncommittedAnswers: Sendable {
  struct Batch: Sendable {
    private(set) var answers: [CollectedAnswer] = []
    /// Of the answers' texts.
    private(set) var bytes = 0
    var requests = 0
    var responses = 0

    var isEmpty: Bool { answers.isEmpty && requests == 0 }

    mutating func add(_ answer: CollectedAnswer) {
      answers.append(answer)
      bytes += answer.byteCount
    }

    mutating func append(_ later: Batch) {
      answers += later.answers
      bytes += later.bytes
      requests += later.requests
      responses += later.responses
    }
  }

  /// Places for all workers together, requests in flight included.
  static let usualCapacity = 2000

  /// Answers that are committed together, however soon they have come: enough to be worth a sync of the disk, and few
  /// enough to leave places for those that come meanwhile.
  private static let batchSize = usualCapacity / 2

  /// The same bounds in bytes of the answers' texts, so that few long answers are as many as many short ones.
  private static let mostBytes = 8 * 1_048_576
  private static let batchBytes = 2 * 1_048_576

  private struct Waiter: Sendable {
    let id: Int
    /// Or only for the end of a commit that is held up.
    let needsPlace: Bool
    let continuation: CheckedContinuation<Bool, Never>
  }

  private struct State: Sendable {
    var gathered = Batch()
    /// In the running commit; nil while there is none.
    var committing: Batch?
    /// Places without an answer.
    var reserved = 0
    var waiters: [Waiter] = []
    var nextWaiter = 0
    /// The committer while it waits for the first answer of a batch, and while it waits for more.
    var idleCommitter: CheckedContinuation<Void, Never>?
    var gatheringCommitter: Task<Void, Never>?
    var hasHandedOver = false
    var isClosed = false

    /// Whether no place may be given for the sake of memory.
    var isFull: Bool { gathered.bytes + (committing?.bytes ?? 0) >= mostBytes }

    var occupied: Int { reserved + gathered.answers.count + (committing?.answers.count ?? 0) }

    /// Whether there is something for the committer.
    var hasSome: Bool { isClosed || !gathered.isEmpty }

    /// Whether to commit now. The first answer isn't kept waiting: whoever reads the rows as they come sees that they do.
    var isDue: Bool {
      isClosed || gathered.answers.count >= (hasHandedOver ? batchSize : 1) || gathered.bytes >= batchBytes
    }

    mutating func takeIdleCommitter() -> CheckedContinuation<Void, Never>? {
      guard hasSome else { return nil }
      defer { idleCommitter = nil }
      return idleCommitter
    }

    mutating func takeGatheringCommitter() -> Task<Void, Never>? {
      guard isDue else { return nil }
      defer { gatheringCommitter = nil }
      return gatheringCommitter
    }
  }

  private let state = Mutex(State())
  private let capacity: Int
  private let isLedgerHeldUp: @Sendable () -> Bool

  /// - Parameters:
  ///   - workers: each has at most one place.
  ///   - isLedgerHeldUp: whether the ledger waits for another program.
  init(workers: Int, isLedgerHeldUp: @escaping @Sendable () -> Bool) {
    capacity = max(Self.usualCapacity, workers + Self.batchSize)
    self.isLedgerHeldUp = isLedgerHeldUp
  }

  // MARK: Workers

  /// Returns once there is a place, which is given back with ``release()``.
  ///
  /// - Returns: false when there is none, because the task is cancelled or the run ends.
  func reserve() async -> Bool {
    let isDecided: Bool? = state.withLock { state in
      if state.isClosed { return false }
      guard state.occupied < capacity, !state.isFull, !isHeldUp(state) else { return nil }
      state.reserved += 1
      return true
    }
    if let isDecided { return isDecided }
    return await wait(needsPlace: true)
  }

  /// Gives a place back. An answer that was added has a place of its own.
  func release() {
    let granted: [Waiter] = state.withLock { state in
      state.reserved -= 1
      return state.waiters.isEmpty ? [] : grant(&state)
    }
    for waiter in granted { waiter.continuation.resume(returning: true) }
  }

  /// Returns when no commit is held up.
  ///
  /// - Returns: false when nothing may be sent any more, because the task is cancelled or the run ends.
  func waitWhileHeldUp() async -> Bool {
    let isDecided: Bool? = state.withLock { state in
      if state.isClosed { return false }
      return isHeldUp(state) ? nil : true
    }
    if let isDecided { return isDecided }
    return await wait(needsPlace: false)
  }

  func countRequest(gotResponse: Bool) {
    change { batch in
      batch.requests += 1
      if gotResponse { batch.responses += 1 }
    }
  }

  func add(_ answer: CollectedAnswer) {
    change { $0.add(answer) }
  }

  private func change(_ change: (inout Batch) -> Void) {
    let (idle, gathering) = state.withLock { state in
      change(&state.gathered)
      return (state.takeIdleCommitter(), state.takeGatheringCommitter())
    }
    idle?.resume()
    gathering?.cancel()
  }

  private func isHeldUp(_ state: State) -> Bool { state.committing != nil && !state.isClosed && isLedgerHeldUp() }

  private func wait(needsPlace: Bool) async -> Bool {
    let id = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let granted: [Waiter]? = state.withLock { state in
          // Whoever cancels the task afterwards finds the waiter.
          if Task.isCancelled || state.isClosed { return nil }
          state.waiters.append(Waiter(id: id, needsPlace: needsPlace, continuation: continuation))
          // A place may have become free meanwhile.
          return grant(&state)
        }
        guard let granted else { return continuation.resume(returning: false) }
        for waiter in granted { waiter.continuation.resume(returning: true) }
      }
    } onCancel: {
      let waiter: Waiter? = state.withLock { state in
        guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
        return state.waiters.remove(at: index)
      }
      waiter?.continuation.resume(returning: false)
    }
  }

  /// Gives the places that are free to those who have waited longest.
  ///
  /// - Returns: who is to be woken.
  private func grant(_ state: inout State) -> [Waiter] {
    guard !state.waiters.isEmpty, !isHeldUp(state) else { return [] }
    var free = state.isFull ? 0 : capacity - state.occupied
    var granted: [Waiter] = []
    state.waiters.removeAll { waiter in
      guard !waiter.needsPlace || free > 0 else { return false }
      if waiter.needsPlace { free -= 1 }
      granted.append(waiter)
      return true
    }
    state.reserved += granted.count(where: \.needsPlace)
    return granted
  }

  // MARK: The committer

  /// Waits until answers are due, and hands them over. ``noteCommitted()`` or ``putBack()`` must follow.
  ///
  /// - Parameters:
  ///   - interval: how long the first of them may have waited.
  ///   - last: when answers were handed over before; nil when there were none.
  /// - Returns: nil when the run ends and nothing is left.
  func next<C: Clock>(
    within interval: Duration, since last: C.Instant?, on clock: C
  ) async -> Batch? where C.Duration == Duration {
    var due = last?.advanced(by: interval) ?? clock.now
    if await waitForSome() { due = clock.now.advanced(by: interval) }
    let sleeper = Task { [due] in
      if due > clock.now { try? await clock.sleep(until: due, tolerance: .zero) }
    }
    let isDue = state.withLock { state in
      if !state.isDue { state.gatheringCommitter = sleeper }
      return state.isDue
    }
    if isDue { sleeper.cancel() }
    await sleeper.value
    return takeAll()
  }

  /// Hands over what there is, due or not; nil when there is nothing.
  func takeAll() -> Batch? {
    state.withLock { state in
      state.gatheringCommitter = nil
      guard !state.gathered.isEmpty else { return nil }
      defer { state.gathered = Batch() }
      if !state.gathered.answers.isEmpty { state.hasHandedOver = true }
      state.committing = state.gathered
      return state.gathered
    }
  }

  /// What was handed over is committed.
  func noteCommitted() {
    let granted: [Waiter] = state.withLock { state in
      state.committing = nil
      return grant(&state)
    }
    for waiter in granted { waiter.continuation.resume(returning: true) }
  }

  /// What was handed over could not be committed; it comes before what has gathered since. The run ends, and nobody gets a
  /// place any more.
  func putBack() {
    close { state in
      guard var batch = state.committing else { return }
      batch.append(state.gathered)
      state.gathered = batch
      state.committing = nil
    }
  }

  /// From now on there are no places; the committer takes what is left.
  func close() { close { _ in } }

  private func close(_ change: (inout State) -> Void) {
    let (waiters, idle, gathering) = state.withLock { state in
      change(&state)
      state.isClosed = true
      defer { state.waiters = [] }
      return (state.waiters, state.takeIdleCommitter(), state.takeGatheringCommitter())
    }
    for waiter in waiters { waiter.continuation.resume(returning: false) }
    idle?.resume()
    gathering?.cancel()
  }

  /// - Returns: whether there was nothing at first.
  private func waitForSome() async -> Bool {
    if state.withLock({ $0.hasSome }) { return false }
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if state.hasSome { return true }
        state.idleCommitter = continuation
        return false
      }
      if isThere { continuation.resume() }
    }
    return true
  }
}
