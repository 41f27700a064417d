import InventoryModel

/// A run's answers that are not committed yet.
///
/// A place is reserved for an answer before its request is sent, and is kept until the answer is committed. So the number
/// of places bounds what a kill can lose, and requests slow down to the speed of the disk.
struct UncommittedAnswers: Sendable {
  struct Batch: Sendable {
    fileprivate(set) var answers: [CollectedAnswer] = []
    fileprivate(set) var requests = 0
    fileprivate(set) var responses = 0
    /// Of the answers' texts.
    fileprivate var bytes = 0

    fileprivate var isEmpty: Bool { answers.isEmpty && requests == 0 }
  }

  /// Places, requests in flight included; more where the concurrency is very high.
  static let usualCapacity = 2000
  /// Answers that are committed at once, however short the commit interval: enough to be worth a sync of the disk, and few
  /// enough to leave places for those that come meanwhile.
  private static let batchSize = usualCapacity / 2
  /// The same bounds in bytes of the answers' texts, so that a few long answers count as much as many short ones.
  private static let maximumBytes = 8 * 1_048_576
  private static let batchBytes = 2 * 1_048_576

  private let capacity: Int
  private let interval: Duration
  private var collected = Batch()
  /// When the first of them came.
  private var collectedSince = Duration.zero
  /// In the commit that is running; nil when none is.
  private var committing: Batch?
  private var hasCommitted = false

  /// - Parameter interval: the longest time that an answer waits for its commit to begin, while no other is running.
  init(concurrency: Int, interval: Duration) {
    capacity = max(Self.usualCapacity, concurrency + Self.batchSize)
    self.interval = interval
  }

  var isCommitting: Bool { committing != nil }

  /// Whether there is a place for another answer.
  func hasRoom(besides inFlight: Int) -> Bool {
    inFlight + collected.answers.count + (committing?.answers.count ?? 0) < capacity
      && collected.bytes + (committing?.bytes ?? 0) < Self.maximumBytes
  }

  mutating func countRequest(gotResponse: Bool, at now: Duration) {
    if collected.isEmpty { collectedSince = now }
    collected.requests += 1
    if gotResponse { collected.responses += 1 }
  }

  mutating func add(_ answer: CollectedAnswer, at now: Duration) {
    if collected.isEmpty { collectedSince = now }
    collected.answers.append(answer)
    collected.bytes += answer.byteCount
  }

  /// When the next commit is due; nil while one is running or there is nothing to commit. The first answer of a run does
  /// not wait: whoever reads the rows as they come sees that they do.
  var commitTime: Duration? {
    guard committing == nil, !collected.isEmpty else { return nil }
    let isDue =
      collected.answers.count >= (hasCommitted ? Self.batchSize : 1) || collected.bytes >= Self.batchBytes
    return isDue ? collectedSince : collectedSince + interval
  }

  /// Begins a commit of everything there is; ``endCommit(succeeded:)`` must follow.
  ///
  /// - Returns: nil when there is nothing.
  mutating func beginCommit() -> Batch? {
    guard committing == nil, !collected.isEmpty else { return nil }
    if !collected.answers.isEmpty { hasCommitted = true }
    committing = collected
    collected = Batch()
    return committing
  }

  /// Ends a commit. What could not be committed is kept, before what came meanwhile.
  mutating func endCommit(succeeded: Bool) {
    if !succeeded, var batch = committing {
      batch.answers += collected.answers
      batch.bytes += collected.bytes
      batch.requests += collected.requests
      batch.responses += collected.responses
      collected = batch
    }
    committing = nil
  }
}
