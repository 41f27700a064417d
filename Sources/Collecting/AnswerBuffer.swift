import InventoryModel
import Synchronization

/// Answers on their way from the workers to the next commit.
final class AnswerBuffer: Sendable {
  struct Batch: Sendable {
    var answers: [CollectedAnswer] = []
    var requests = 0
    var responses = 0

    var isEmpty: Bool { answers.isEmpty && requests == 0 }
  }

  /// Answers that may wait before the workers do: a slow disk slows the fetching, and memory stays flat.
  private static let limit = 5000

  /// Answers that are committed together, however soon they have come: enough to be worth a sync of the disk.
  private static let batchSize = 2000

  private struct State: Sendable {
    var batch = Batch()
    var hasHandedOver = false
  }

  private let state = Mutex(State())

  /// Whether to commit now. The first answer isn't kept waiting: whoever reads the rows as they come sees that they do.
  var isDue: Bool { state.withLock { $0.batch.answers.count >= ($0.hasHandedOver ? Self.batchSize : 1) } }

  var isFull: Bool { state.withLock { $0.batch.answers.count >= Self.limit } }

  func countRequest(gotResponse: Bool) {
    state.withLock { state in
      state.batch.requests += 1
      if gotResponse { state.batch.responses += 1 }
    }
  }

  func add(_ answer: CollectedAnswer) {
    state.withLock { $0.batch.answers.append(answer) }
  }

  /// Hands over what has gathered.
  func take() -> Batch {
    state.withLock { state in
      let batch = state.batch
      state.batch = Batch()
      if !batch.answers.isEmpty { state.hasHandedOver = true }
      return batch
    }
  }
}
