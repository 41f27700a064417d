import Dispatch
import Synchronization

/// Makes a value on a thread of its own while `body` works on this one, and returns when both have ended.
///
/// For work that blocks.
///
/// - Parameter body: its argument waits for the value, and throws what `make` has thrown.
func beside<Value: Sendable, Result>(
  _ make: @escaping @Sendable () throws -> Value, _ body: (_ value: () throws -> Value) throws -> Result
) rethrows -> Result {
  let made = Made<Value>()
  DispatchQueue.global().async {
    made.result.withLock { $0 = .init(catching: make) }
    made.ended.leave()
  }
  defer { made.ended.wait() }
  return try body {
    made.ended.wait()
    return try made.result.withLock { $0 }.get()
  }
}

private final class Made<Value: Sendable>: Sendable {
  let result = Mutex<Result<Value, any Error>>(.failure(CancellationError()))
  let ended = DispatchGroup()

  init() { ended.enter() }
}
