import Dispatch
import Synchronization

/// Makes elements on a thread of its own while those made before are worked on: in order, in batches, and never many
/// ahead.
///
/// For work that blocks: neither side suspends.
final class ReadAhead<Element: Sendable>: Sendable {
  /// Elements of a batch at most, so that the change of threads costs nothing for each, and their bytes, so that few
  /// large ones are as many as many small ones.
  private static var batchSize: Int { 512 }
  private static var batchBytes: Int { 262_144 }
  private static var batchesAhead: Int { 4 }

  private struct State {
    var batches: [Batch] = []
    /// Those that are being worked on.
    var lent: [Element] = []
    /// Those that were, until the thread that has made them frees them: it costs far more where another does.
    var used: [[Element]] = []
    var isAbandoned = false
  }

  private struct Batch: Sendable {
    var elements: [Element] = []
    /// How it came that nothing follows; nil where something does.
    var end: Result<Void, any Error>?
  }

  /// Nobody takes the elements any more.
  private struct Abandoned: Error {}

  private let state = Mutex(State())
  private let free = DispatchSemaphore(value: 0)
  private let filled = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)

  private init() {}

  /// Runs `body`, which takes the elements batch by batch, of which none is empty; nil is their end.
  ///
  /// - Parameters:
  ///   - bytes: how many an element takes, roughly.
  ///   - make: calls its argument with each element, and passes on what that throws. What it throws itself, `body` meets
  ///     behind the elements. It is over when this returns.
  static func run<Value>(
    bytes: @escaping @Sendable (Element) -> Int,
    making make: @escaping @Sendable (_ give: (consuming Element) throws -> Void) throws -> Void,
    _ body: (_ next: () throws -> [Element]?) throws -> Value
  ) rethrows -> Value {
    let ahead = ReadAhead()
    for _ in 0..<batchesAhead { ahead.free.signal() }
    DispatchQueue(label: "read ahead").async {
      ahead.fill(make, bytes: bytes)
      ahead.ended.signal()
    }
    defer { ahead.abandon() }
    var end: Result<Void, any Error>?
    return try body {
      if end == nil {
        let batch = ahead.take()
        end = batch.end
        if !batch.elements.isEmpty { return batch.elements }
      }
      try end?.get()
      return nil
    }
  }

  private func fill(
    _ make: (_ give: (consuming Element) throws -> Void) throws -> Void, bytes: @escaping (Element) -> Int
  ) {
    var batch = Batch()
    var size = 0
    let end = Result {
      try make { (element: consuming Element) in
        size += bytes(element)
        batch.elements.append(element)
        guard batch.elements.count == Self.batchSize || size >= Self.batchBytes else { return }
        try put(batch)
        batch.elements.removeAll()
        size = 0
        batch.elements.reserveCapacity(Self.batchSize)
      }
    }
    batch.end = end
    // Where it is abandoned, nobody asks for the end.
    try? put(batch)
  }

  private func put(_ batch: Batch) throws(Abandoned) {
    free.wait()
    var used: [[Element]] = []
    let isAbandoned = state.withLock { state in
      swap(&used, &state.used)
      if !state.isAbandoned { state.batches.append(batch) }
      return state.isAbandoned
    }
    if isAbandoned { throw Abandoned() }
    filled.signal()
  }

  private func take() -> Batch {
    filled.wait()
    let batch = state.withLock { state in
      let batch = state.batches.removeFirst()
      state.used.append(state.lent)
      state.lent = batch.elements
      return batch
    }
    free.signal()
    return batch
  }

  private func abandon() {
    state.withLock { $0.isAbandoned = true }
    // Twice: for a batch that is under way, and for the end behind it.
    free.signal()
    free.signal()
    ended.wait()
  }
}
