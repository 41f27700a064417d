import InventoryModel

/// A project on its way through its attempts.
struct Work: Sendable {
  let project: PendingProject
  /// Requests made so far, but for those repeated on a fresh connection.
  var attempts = 0
  /// Whether the next request repeats the last attempt on a fresh connection.
  var repeatsAttempt = false
  /// What the last request left behind; nil before the first.
  var last: LastReply?

  struct LastReply: Sendable {
    var answer: Answer
    var duration: Duration
    var time: Timestamp
  }

  init(_ project: PendingProject) {
    self.project = project
  }
}
