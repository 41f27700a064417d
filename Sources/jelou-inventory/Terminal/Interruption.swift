import Dispatch
import InventoryJobs
import Synchronization
import TextFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ends the process gracefully on the first SIGINT, SIGTERM or SIGHUP, and immediately on the second.
///
/// A dedicated queue handles the signals. It never waits for a disk, a reader or a lock that is held for long.
final class Interruption: JobSignals {
  /// The signal handler of this process.
  static let ofProcess = Interruption()

  /// How long the cleanup of an immediate end may take before the process ends without it.
  private static let longestCleanUp = Duration.seconds(1)
  /// How long the process waits for pending messages to be written before it ends.
  private static let longestFlush = Duration.milliseconds(100)

  /// The effect of the first signal.
  private enum Response {
    /// Ends the process immediately, like the signal's default action. First, the closure removes what the run has
    /// created so far.
    case end(cleanUp: @Sendable () -> Void)
    /// Stops the command early, then ends the process by the signal.
    case stop(@Sendable () -> Void)
    /// Ends the command normally.
    case finish(@Sendable () -> Void)
  }

  private struct State {
    var response = Response.end {}
    var signal: Int32?
    var time: ContinuousClock.Instant?
  }

  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "signals")

  private init() {}

  var timeSinceSignal: Duration? { state.withLock { $0.time }.map { .now - $0 } }

  /// Installs the signal handlers for the lifetime of the process.
  ///
  /// Every command must call this before anything else: process 1 of a container ignores signals without a handler.
  func listen() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      // Keep ignored signals ignored: a shell makes background jobs ignore SIGINT, and `nohup` makes its command ignore
      // SIGHUP.
      if number != SIGTERM, isIgnored(number) { continue }
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      // The handler retains its own source, so the source is never deallocated.
      source.setEventHandler { [self] in withExtendedLifetime(source) { received(number) } }
      source.resume()
    }
  }

  func endProcess(cleanUp: @escaping @Sendable () -> Void) {
    state.withLock { $0.response = .end(cleanUp: cleanUp) }
  }

  func stopJob(_ stop: @escaping @Sendable () -> Void) { state.withLock { $0.response = .stop(stop) } }

  func endProcessNow() -> Never { end(by: state.withLock { $0.signal } ?? SIGTERM) }

  /// From now on, the first signal ends the command normally, with its normal exit code.
  func finishes(with end: @escaping @Sendable () -> Void) { state.withLock { $0.response = .finish(end) } }

  /// Ends the process by the signal that was received. Returns when no signal was received, or when the signal ends the
  /// command normally.
  func endBySignal() {
    let number: Int32? = state.withLock { state in
      if case .finish = state.response { nil } else { state.signal }
    }
    if let number { end(by: number) }
  }

  /// Ends the process by the signal's default action, so that the parent process sees which signal ended it.
  func end(by number: Int32) -> Never {
    let console = BackgroundWriter.standardError
    console.setStatus("")
    console.flush(idle: Self.longestFlush, total: Self.longestFlush)
    restoreDefault(of: number)
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, number)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    // To this thread: libdispatch reads signals that are sent to the process from a descriptor, and could take this one.
    raise(number)
    // For process 1, the signal has no default action. For other processes, it may take a moment, e.g. under a tracer.
    if getpid() != 1 { sleep(10) }
    _exit(128 + number)
  }

  private func received(_ number: Int32) {
    let first: Response? = state.withLock { state in
      guard state.signal == nil else { return nil }
      (state.signal, state.time) = (number, .now)
      return state.response
    }
    switch first {
    case .stop(let action), .finish(let action): action()
    case .end(let cleanUp):
      // On another queue: a disk may hang, and the next signal must still be handled.
      DispatchQueue(label: "clean-up").async {
        cleanUp()
        self.end(by: number)
      }
      queue.asyncAfter(deadline: .now() + .milliseconds(Self.longestCleanUp.inMilliseconds)) { self.end(by: number) }
    case nil: end(by: number)
    }
  }
}

/// Restores a signal's default action with `signal(2)`, whose name a property hides.
private func restoreDefault(of number: Int32) { signal(number, SIG_DFL) }

/// Whether the signal was ignored when the process started.
private func isIgnored(_ number: Int32) -> Bool {
  let handler = signal(number, SIG_IGN)
  let isIgnored = unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  if !isIgnored { signal(number, handler) }
  return isIgnored
}
