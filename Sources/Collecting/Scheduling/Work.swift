import InventoryModel
import TextFormats

/// A project on its way through its attempts.
struct Work: Sendable {
  let project: PendingProject
  /// The index of its rate-limit bucket.
  let bucket: Int
  /// Requests made so far, except those repeated on a fresh connection.
  var attempts = 0
  /// Whether the next request repeats the last attempt on a fresh connection.
  var repeatsAttempt = false
  /// The result of the last request; nil before the first.
  var last: LastReply?

  struct LastReply: Sendable {
    var answer: Answer
    var duration: Duration
    var time: Timestamp
  }

  init(_ project: PendingProject, bucket: Int = 0) {
    self.project = project
    self.bucket = bucket
  }
}

/// Work by the time of its next attempt: a binary heap.
struct RetryQueue: Sendable {
  private var elements: [(time: Duration, work: Work)] = []

  var count: Int { elements.count }
  var first: (time: Duration, work: Work)? { elements.first }
  /// In no particular order.
  var works: [Work] { elements.map(\.work) }

  mutating func insert(_ work: Work, at time: Duration) {
    elements.append((time, work))
    var child = elements.count - 1
    while child > 0, elements[child].time < elements[(child - 1) / 2].time {
      elements.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Removes and returns the work with the earliest time. There must be one.
  mutating func removeFirst() -> Work {
    elements.swapAt(0, elements.count - 1)
    let first = elements.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < elements.count {
        if elements[child].time < elements[least].time { least = child }
      }
      if least == parent { return first.work }
      elements.swapAt(least, parent)
      parent = least
    }
  }
}
