#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The number of files and connections that this process may have open at a time, and the number already open.
package struct OpenFileLimit: Hashable, Sendable {
  /// The soft limit (`getrlimit(2)`, `RLIMIT_NOFILE`).
  package let count: Int
  /// Open descriptors, including those inherited from the parent process.
  package let open: Int

  /// Below this limit, descriptors are scarce.
  private static let scarce = 256
  /// Higher descriptors are not counted: a process that may have so many has more than it needs.
  private static let mostCounted = 4096

  package init(count: Int, open: Int) {
    self.count = count
    self.open = open
  }

  /// The current limit and usage.
  package static var current: OpenFileLimit {
    let count = Int(clamping: limit?.rlim_cur ?? rlim_t(mostCounted))
    let open = (0..<Int32(clamping: min(count, mostCounted))).count { fcntl($0, F_GETFD) >= 0 }
    return OpenFileLimit(count: count, open: open)
  }

  /// Raises the soft limit to the hard limit (`setrlimit(2)`), which is often far higher.
  ///
  /// The usual soft limit of 1,024 exists for programs that use `select(2)`.
  package static func raise() {
    guard var raised = limit else { return }
    #if canImport(Darwin)
      raised.rlim_cur = min(raised.rlim_max, rlim_t(OPEN_MAX))
    #else
      raised.rlim_cur = raised.rlim_max
    #endif
    _ = setrlimit(resource, &raised)
  }

  /// Descriptors that can still be opened.
  package var free: Int { max(0, count - open) }

  /// The number of event loops to start: `most`, or one if descriptors are scarce. Each event loop uses three.
  package func eventLoops(atMost most: Int) -> Int { count < Self.scarce ? 1 : most }

  #if canImport(Glibc)
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #else
    private static let resource = RLIMIT_NOFILE
  #endif

  private static var limit: rlimit? {
    var limit = rlimit()
    return getrlimit(resource, &limit) == 0 ? limit : nil
  }
}

/// The limits that the system sets for this process (`getrlimit(2)`).
package enum ProcessLimits {
  /// Raises the limits. Call it before anything else.
  ///
  /// Allows as many open files and threads as the system permits. A write beyond the file size limit (`ulimit -f`)
  /// fails with `EFBIG`, like a write to a full disk, instead of ending the process with `SIGXFSZ`.
  package static func prepare() {
    OpenFileLimit.raise()
    ThreadLimit.raise()
    signal(SIGXFSZ, SIG_IGN)
  }
}
