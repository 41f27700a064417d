/// Work by the time of its next attempt: a binary heap.
struct DeferralHeap: Sendable {
  private var elements: [(time: Duration, work: Work)] = []

  var count: Int { elements.count }
  var first: (time: Duration, work: Work)? { elements.first }
  /// In no order.
  var works: [Work] { elements.map(\.work) }

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
