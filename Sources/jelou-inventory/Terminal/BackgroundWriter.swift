import Dispatch
import Files
import Synchronization
import TextFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes lines and a status line in order, on a background thread.
///
/// Callers never wait for the reader, and no lock is held while bytes are written: a signal must be able to end the
/// process even if nobody reads its output.
final class BackgroundWriter: Sendable {
  /// The only writer to the process's standard error.
  static let standardError = BackgroundWriter(.standardError)

  private struct State {
    var lines = LineQueue()
    var isWriting = false
    /// Signaled when bytes are written.
    var waiters: [DispatchSemaphore] = []
  }

  private let output: OutputDescriptor
  private let queue = DispatchQueue(label: "background writer")
  private let state = Mutex(State())

  init(_ output: OutputDescriptor) {
    self.output = output
  }

  /// Whether the reader is slower than the writer.
  var isBehind: Bool { state.withLock { $0.lines.isBehind } }

  /// Writes a line above the status line.
  ///
  /// - Parameter isDispensable: whether the line is among the first to be dropped when the reader is slow.
  func line(_ text: String, isDispensable: Bool = false) { change { $0.add(text, isDispensable: isDispensable) } }

  /// Replaces the status line; an empty text removes it.
  func setStatus(_ text: String) { change { $0.status = text } }

  /// Sets the text that reports missing lines, as a function of their number.
  func reportLosses(with text: @escaping @Sendable (_ count: Int) -> String) { change { $0.lossText = text } }

  /// Waits until everything is written or a timeout expires.
  ///
  /// - Parameters:
  ///   - idle: the timeout while no byte is written.
  ///   - total: the timeout of the whole call.
  func flush(idle: Duration = .seconds(2), total: Duration = .seconds(10)) {
    let end = ContinuousClock.now + total
    while true {
      let waiter: DispatchSemaphore? = state.withLock { state in
        guard state.isWriting else { return nil }
        let waiter = DispatchSemaphore(value: 0)
        state.waiters.append(waiter)
        return waiter
      }
      guard let waiter else { return }
      let limit = min(idle, end - .now)
      if waiter.wait(timeout: .now() + .milliseconds(max(0, limit.inMilliseconds))) == .timedOut { return }
    }
  }

  private func change(_ body: (inout LineQueue) -> Void) {
    state.withLock { state in
      body(&state.lines)
      guard !state.isWriting, state.lines.hasWork else { return }
      state.isWriting = true
      queue.async { self.write() }
    }
  }

  private func write() {
    while let text = next() {
      do {
        _ = try output.write(text) { count in
          wake { $0.advance(by: count) }
        } goesOn: { _ in
          true
        }
      } catch {
        wake { if error.code == EPIPE { $0.close() } else { $0.fail() } }
      }
    }
    wake { _ in }
  }

  private func next() -> [UInt8]? {
    state.withLock { state in
      let text = state.lines.take()
      state.isWriting = text != nil
      return text
    }
  }

  /// Changes the state, then wakes all waiters so that they check it again.
  private func wake(after body: (inout LineQueue) -> Void) {
    let waiters = state.withLock { state in
      body(&state.lines)
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.signal() }
  }
}
