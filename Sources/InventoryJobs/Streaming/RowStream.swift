import Dispatch
import InventoryModel
import Ledger
import Synchronization

/// A run's rows on their way to standard output while it goes on: each is written once its answer is committed.
///
/// They are written on a queue of their own: a reader that is slow holds up neither tasks nor commits. It slows the
/// fetching, since no further projects are taken up while it is far behind.
final class RowStream: Sendable {
  /// Answers that may wait for the reader before no further projects are taken up.
  private static let limit = 10_000

  private struct State {
    /// Committed since they were last looked at.
    var answers: [AnsweredLine] = []
    /// Committed, and not written as far as their order allows.
    var waiting = 0
    var isWriting = false
    /// Whether the rows that were settled before have been looked at.
    var hasBegun = false
    var failure: (any Error)?
    /// Called once, at the failure.
    var onFailure: (@Sendable () -> Void)?
    /// Those who wait for the reader, by number.
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    var nextWaiter = 0

    var isReaderFarBehind: Bool { waiting > RowStream.limit }

    /// - Returns: who need not wait any longer.
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

  /// Takes note of answers that are committed.
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

  /// Returns when the reader is not far behind, or the task is cancelled.
  func waitForReader() async {
    guard state.withLock(\.isReaderFarBehind) else { return }
    let id = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let waits = state.withLock { state in
          // Whoever cancels the task afterwards finds the waiter.
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

  /// Runs an operation once the rows are written that were settled before, and cancels it when rows can't be written any
  /// more.
  ///
  /// - Throws: what the operation throws, or what the rows met with: ``ReaderGone``, `FileError`, `LedgerError`.
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

  /// Writes the rows that are missing, when all are settled.
  ///
  /// - Throws: as ``cancelling(_:)``.
  func finish() async throws {
    try await onQueue {
      try self.throwFailure()
      try self.writer.withLock { try $0.finish() }
    }
  }

  /// Waits for what is being written, then for the operation.
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

  /// Answers that have come meanwhile; nil when the writing pauses. An empty one comes first, for the rows before them.
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
