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

/// Writes lines and a status line on a thread of its own, in order. No caller ever waits for the reader, and no lock is held
/// while bytes are written: a signal must be able to end a process that nobody reads.
final class BackgroundWriter: Sendable {
  /// The one through which all of the process's standard error goes.
  static let standardError = BackgroundWriter(.standardError)

  private struct State {
    var lines = LineQueue()
    var isWriting = false
    /// Signaled when bytes were written.
    var waiters: [DispatchSemaphore] = []
  }

  private let output: OutputDescriptor
  private let queue = DispatchQueue(label: "background writer")
  private let state = Mutex(State())

  init(_ output: OutputDescriptor) {
    self.output = output
  }

  /// Whether the reader is slower than what is written.
  var isBehind: Bool { state.withLock { $0.lines.isBehind } }

  /// Writes a line above the status line.
  ///
  /// - Parameter isDispensable: whether it is the first to be left out when the reader is slow.
  func line(_ text: String, isDispensable: Bool = false) { change { $0.add(text, isDispensable: isDispensable) } }

  /// Writes a status line over the last one; an empty one removes it.
  func setStatus(_ text: String) { change { $0.status = text } }

  /// From now on, missing lines are reported with this text, which gets their number.
  func reportLosses(with text: @escaping @Sendable (_ count: Int) -> String) { change { $0.lossText = text } }

  /// Returns when everything is written, or is given up.
  ///
  /// - Parameters:
  ///   - idle: how long to wait while no byte is taken.
  ///   - total: how long to wait at most.
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

  /// Lets those who wait look again.
  private func wake(after body: (inout LineQueue) -> Void) {
    let waiters = state.withLock { state in
      body(&state.lines)
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.signal() }
  }
}
