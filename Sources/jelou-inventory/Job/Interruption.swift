import Collecting
import Dispatch
import Logging
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Turns the first SIGINT or SIGTERM into an orderly end of the run, and the second into an immediate one.
///
/// Handled on a queue of its own: reading a list or writing reports may keep every thread of the tasks busy.
final class Interruption: Sendable {
  /// What a first signal does.
  private enum Response {
    /// The process ends at once, as if nobody had listened; the action takes away what the run has made so far.
    case end(cleanUp: @Sendable () -> Void)
    case stop(StopSignal)
  }

  private struct State {
    var response = Response.end {}
    var signal: Int32?
  }

  private let state = Mutex(State())
  private let console: Console
  private let logger: Logger

  init(console: Console, logger: Logger) {
    self.console = console
    self.logger = logger
  }

  /// The signal that came; nil when none did.
  var signal: Int32? { state.withLock { $0.signal } }

  /// Listens from now on, for as long as the process lives.
  func listen() {
    let queue = DispatchQueue(label: "signals")
    for number in [SIGINT, SIGTERM] {
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      // A source that only its own handler holds is never given back.
      source.setEventHandler { [self] in withExtendedLifetime(source) { received(number) } }
      source.resume()
    }
  }

  /// While a run is prepared, a signal ends the process.
  ///
  /// - Parameter cleanUp: takes away what has been made for the run.
  func whilePreparing(cleanUp: @escaping @Sendable () -> Void) {
    state.withLock { $0.response = .end(cleanUp: cleanUp) }
  }

  /// From here on, the first signal makes the run stop.
  func stops(with stop: StopSignal) { state.withLock { $0.response = .stop(stop) } }

  /// Ends the process by the signal itself, so that its parent sees what became of it.
  func end(by number: Int32) -> Never {
    console.clearStatus()
    restoreDefault(of: number)
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, number)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    kill(getpid(), number)
    // The signal may be handled on another thread; it is on its way.
    while true { pause() }
  }

  private func received(_ number: Int32) {
    let first: Response? = state.withLock { state in
      defer { state.signal = state.signal ?? number }
      return state.signal == nil ? state.response : nil
    }
    switch first {
    case .stop(let stop):
      logger.notice("stopping: requests under way get 5 s, then the reports are written; once more ends it at once")
      stop.stop(.interrupted)
    case .end(let cleanUp):
      cleanUp()
      end(by: number)
    case nil: end(by: number)
    }
  }
}

/// `signal(2)`, whose name a property hides: gives a signal its default effect back.
private func restoreDefault(of number: Int32) { signal(number, SIG_DFL) }
