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

/// Turns the first SIGINT, SIGTERM or SIGHUP into an orderly end, and the second into an immediate one.
///
/// They are handled on a queue of their own, which waits for nothing: neither for a lock that is held for long nor for a
/// disk or a reader.
final class Interruption: JobSignals {
  /// Of this process.
  static let ofProcess = Interruption()

  /// How long an orderly end at once may take before the process ends without it.
  private static let longestCleanUp = Duration.seconds(1)
  /// How long what was told may take to be written when the process ends at once.
  private static let longestFlush = Duration.milliseconds(100)

  /// What a first signal does.
  private enum Response {
    /// The process ends at once, as if nobody had listened; the action takes away what the run has made so far.
    case end(cleanUp: @Sendable () -> Void)
    /// The command comes to its end early, and then the process ends by the signal.
    case stop(@Sendable () -> Void)
    /// The signal is the command's usual end.
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

  /// Listens from now on, for as long as the process lives.
  ///
  /// To be called by every command before anything else: process 1 of a container ignores signals that it does not listen to.
  func listen() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      // A shell has a job in the background ignore SIGINT, and `nohup` SIGHUP: they are meant for others.
      if number != SIGTERM, isIgnored(number) { continue }
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      // A source that only its own handler holds is never given back.
      source.setEventHandler { [self] in withExtendedLifetime(source) { received(number) } }
      source.resume()
    }
  }

  func endProcess(cleanUp: @escaping @Sendable () -> Void) {
    state.withLock { $0.response = .end(cleanUp: cleanUp) }
  }

  func stopJob(_ stop: @escaping @Sendable () -> Void) { state.withLock { $0.response = .stop(stop) } }

  func endProcessNow() -> Never { end(by: state.withLock { $0.signal } ?? SIGTERM) }

  /// From here on, the first signal is the command's usual end, with the exit code of that.
  func finishes(with end: @escaping @Sendable () -> Void) { state.withLock { $0.response = .finish(end) } }

  /// Ends the process by the signal that came; returns where none did, and where it is the command's usual end.
  func endBySignal() {
    let number: Int32? = state.withLock { state in
      if case .finish = state.response { nil } else { state.signal }
    }
    if let number { end(by: number) }
  }

  /// Ends the process by the signal itself, so that its parent sees what became of it.
  func end(by number: Int32) -> Never {
    let console = BackgroundWriter.standardError
    console.setStatus("")
    console.flush(idle: Self.longestFlush, total: Self.longestFlush)
    restoreDefault(of: number)
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, number)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    kill(getpid(), number)
    // For process 1 the signal has no default effect. For any other it may take a moment, e.g. under a tracer.
    if getpid() != 1 { sleep(2) }
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
      // Elsewhere: a disk may hang, and the next signal has to be heard.
      DispatchQueue(label: "clean-up").async {
        cleanUp()
        self.end(by: number)
      }
      queue.asyncAfter(deadline: .now() + .milliseconds(Self.longestCleanUp.inMilliseconds)) { self.end(by: number) }
    case nil: end(by: number)
    }
  }
}

/// `signal(2)`, whose name a property hides: gives a signal its default effect back.
private func restoreDefault(of number: Int32) { signal(number, SIG_DFL) }

/// Whether the process began with a signal ignored.
private func isIgnored(_ number: Int32) -> Bool {
  let handler = signal(number, SIG_IGN)
  let isIgnored = unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  if !isIgnored { signal(number, handler) }
  return isIgnored
}
