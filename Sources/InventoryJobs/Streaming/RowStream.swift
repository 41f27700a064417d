import Dispatch
import InventoryModel
import Ledger
import Synchronization

/// Writes a run's rows to standard output while the run is in progress, each once its answer is committed.
///
/// Rows are written on a separate queue, so that a slow reader blocks neither tasks nor commits. If the reader is far
/// behind, no further projects are started, which slows the fetching.
final class RowStream: Sendable {
  /// Answers that may wait for the reader. Above this number, no further projects are started.
  private static let limit = 10_000

  private struct State {
    /// Answers committed since the writer last checked.
    var answers: [AnsweredLine] = []
    /// Number of committed answers that the writer has not processed. In list order, rows of processed answers may
    /// still have to wait for earlier rows.
    var waiting = 0
    var isWriting = false
    /// Whether the writer has started to process the rows that were settled earlier.
    var hasBegun = false
    var failure: (any Error)?
    /// Called once, when writing fails.
    var onFailure: (@Sendable () -> Void)?
    /// Tasks that wait for the reader, by number.
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    var nextWaiter = 0

    var isReaderFarBehind: Bool { waiting > RowStream.limit }

    /// - Returns: the tasks that no longer have to wait.
    mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
      guard !isReaderFarBehind, !waiters.isEmpty else { return [] }
      defer { waiters = [:] }
      return Array(waiters.values)
    }
  }

  private let state = Mutex(State())
  private let writer: Mutex<RowWriter>
  private let queue = DispatchQueue(label: "rows")

  init(_ writer: RowWriter) {
    self.writer = Mutex(writer)
    note([])
  }

  /// Records answers that are committed.
  func note(_ answers: [CollectedAnswer]) {
    state.withLock { state in
      guard state.failure == nil else { return }
      state.answers += answers.map { AnsweredLine(line: $0.line, isShared: $0.isShared) }
      state.waiting += answers.count
      guard !state.isWriting else { return }
      state.isWriting = true
      queue.async { self.write() }
    }
  }

  /// Returns once the reader is not far behind or the task is canceled.
  func waitForReader() async {
    guard state.withLock(\.isReaderFarBehind) else { return }
    let id = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let waits = state.withLock { state in
          // If the task is canceled after this check, the cancellation handler finds the waiter.
          guard state.isReaderFarBehind, !Task.isCancelled else { return false }
          state.waiters[id] = continuation
          return true
        }
        if !waits { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
    }
  }

  /// Runs an operation after the rows that were settled earlier are written. Cancels it if rows can no longer be
  /// written.
  ///
  /// - Throws: what the operation throws, or the error that ended the writing: ``ReaderGone``, `FileError`,
  ///   `LedgerError`.
  func cancelling<Value: Sendable>(
    _ operation: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let task = Task {
      try await onQueue { try self.throwFailure() }
      return try await operation()
    }
    let hasFailed = state.withLock { state in
      state.onFailure = { task.cancel() }
      return state.failure != nil
    }
    if hasFailed { task.cancel() }
    let result = await withTaskCancellationHandler {
      await task.result
    } onCancel: {
      task.cancel()
    }
    try throwFailure()
    return try result.get()
  }

  /// Writes the remaining rows once all rows are settled.
  ///
  /// - Throws: the same writing errors as ``cancelling(_:)``.
  func finish() async throws {
    try await onQueue {
      try self.throwFailure()
      try self.writer.withLock { try $0.finish() }
    }
  }

  /// Runs an operation on the queue after any write in progress, and waits until it ends.
  private func onQueue(_ operation: @escaping @Sendable () throws -> Void) async throws {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result(catching: operation)) }
    }
  }

  private func write() {
    while let answers = next() {
      do {
        try writer.withLock { try $0.write(answers) }
      } catch {
        return fail(error)
      }
      let waiters = state.withLock { state in
        state.waiting -= answers.count
        return state.takeWaiters()
      }
      for waiter in waiters { waiter.resume() }
    }
  }

  /// Returns the answers received since the last call; nil if there are none, which pauses the writing.
  ///
  /// The first call may return an empty array, so that the rows settled earlier are written.
  private func next() -> [AnsweredLine]? {
    state.withLock { state in
      let isFirst = !state.hasBegun
      state.hasBegun = true
      guard isFirst || !state.answers.isEmpty else {
        state.isWriting = false
        return nil
      }
      defer { state.answers = [] }
      return state.answers
    }
  }

  private func fail(_ error: any Error) {
    let (onFailure, waiters) = state.withLock { state in
      state.failure = error
      state.answers = []
      state.waiting = 0
      return (state.onFailure, state.takeWaiters())
    }
    onFailure?()
    for waiter in waiters { waiter.resume() }
  }

  private func throwFailure() throws {
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }
}
