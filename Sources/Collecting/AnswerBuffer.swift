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

  private let batch = Mutex(Batch())

  /// Answers that are committed together, however soon they have come: enough to be worth a sync of the disk.
  private static let batchSize = 1000

  var isDue: Bool { batch.withLock { $0.answers.count >= Self.batchSize } }

  var isFull: Bool { batch.withLock { $0.answers.count >= Self.limit } }

  func countRequest(gotResponse: Bool) {
    batch.withLock { batch in
      batch.requests += 1
      if gotResponse { batch.responses += 1 }
    }
  }

  func add(_ answer: CollectedAnswer) {
    batch.withLock { $0.answers.append(answer) }
  }

  /// Hands over what has gathered.
  func take() -> Batch {
    batch.withLock { batch in
      defer { batch = Batch() }
      return batch
    }
  }
}
