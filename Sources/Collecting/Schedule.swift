import InventoryModel

/// A project on its way through its attempts.
struct Work: Sendable {
  let project: PendingProject
  /// Requests made so far, but for those repeated on a fresh connection.
  var attempts = 0
  /// Whether the next request repeats the last attempt on a fresh connection.
  var repeatsAttempt = false

  init(_ project: PendingProject) {
    self.project = project
  }
}

/// What is to be asked next, and when. No clock and no network: time comes in as a duration since the run's start.
struct Schedule: Sendable {
  enum Step: Sendable {
    /// Send a request for the work, not before the time.
    case start(Work, at: Duration)
    /// Fetch the next page of pending projects and ``add(_:)`` it.
    case refill(afterLine: Int)
    /// Nothing can start before this time.
    case wait(until: Duration)
    /// Nothing is left that is not under way already.
    case finished
  }

  /// Projects fetched from the ledger at a time, and how few may be left before the next are fetched.
  static let pageSize = 2000
  private static let lowWater = 1000
  /// Projects that may wait for their next attempt; while there are so many, no new one is begun. Bounds memory.
  private static let deferralLimit = 10_000
  /// How soon to look again when the next page is on its way.
  private static let refillPause = Duration.milliseconds(1)

  private var pacer: Pacer
  private var ready: [Work] = []
  private var readyStart = 0
  private var deferred = DeferralHeap()
  private var lastLine = 0
  private var isRefilling = false
  private var isExhausted = false

  init(pacer: Pacer) {
    self.pacer = pacer
  }

  mutating func next(at now: Duration) -> Step {
    let left = ready.count - readyStart
    if left < Self.lowWater, !isExhausted, !isRefilling {
      isRefilling = true
      return .refill(afterLine: lastLine)
    }
    if let due = deferred.first, due.time <= now {
      return .start(deferred.removeFirst().work, at: pacer.reserve(at: now))
    }
    if left > 0, deferred.count < Self.deferralLimit {
      let work = ready[readyStart]
      readyStart += 1
      return .start(work, at: pacer.reserve(at: now))
    }
    if isRefilling, left == 0 { return .wait(until: now + Self.refillPause) }
    if let due = deferred.first { return .wait(until: due.time) }
    return .finished
  }

  /// Confirms a start whose time has come; nil, or the time to ask again, as ``Pacer/confirm(at:)``.
  mutating func confirm(at now: Duration) -> Duration? { pacer.confirm(at: now) }

  /// Takes in a page; an empty one is the end of the list.
  mutating func add(_ page: [PendingProject]) {
    isRefilling = false
    guard let last = page.last else {
      isExhausted = true
      return
    }
    lastLine = last.line
    ready.removeFirst(readyStart)
    readyStart = 0
    ready += page.map(Work.init)
  }

  /// Puts work back until its time has come.
  mutating func `defer`(_ work: Work, until time: Duration) {
    deferred.insert(work, at: time)
  }
}

/// Work by the time of its next attempt: a binary heap.
struct DeferralHeap: Sendable {
  private var elements: [(time: Duration, work: Work)] = []

  var count: Int { elements.count }
  var first: (time: Duration, work: Work)? { elements.first }

  mutating func insert(_ work: Work, at time: Duration) {
    elements.append((time, work))
    var child = elements.count - 1
    while child > 0, elements[child].time < elements[(child - 1) / 2].time {
      elements.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Removes and returns the work whose time comes first. There must be one.
  mutating func removeFirst() -> (time: Duration, work: Work) {
    elements.swapAt(0, elements.count - 1)
    let first = elements.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < elements.count {
        if elements[child].time < elements[least].time { least = child }
      }
      if least == parent { return first }
      elements.swapAt(least, parent)
      parent = least
    }
  }
}
