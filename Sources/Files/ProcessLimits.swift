#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many files and connections this process may have open at a time, and how many it has open already.
package struct OpenFileLimit: Hashable, Sendable {
  /// The soft limit (`getrlimit(2)`, `RLIMIT_NOFILE`).
  package let count: Int
  /// Descriptors that are open, those inherited from the parent process included.
  package let open: Int

  /// Below this limit, descriptors are worth saving.
  private static let scarce = 256
  /// Higher descriptors are not looked at: a process with so many has more than it needs.
  private static let mostCounted = 4096

  package init(count: Int, open: Int) {
    self.count = count
    self.open = open
  }

  /// As it is now.
  package static var current: OpenFileLimit {
    let count = Int(clamping: limit?.rlim_cur ?? rlim_t(mostCounted))
    let open = (0..<Int32(clamping: min(count, mostCounted))).count { fcntl($0, F_GETFD) >= 0 }
    return OpenFileLimit(count: count, open: open)
  }

  /// Raises the soft limit to the hard one (`setrlimit(2)`), which is often far higher: the usual 1,024 is kept for
  /// programs that use `select(2)`.
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

  /// How many event loops are worth their descriptors, three each: one where descriptors are scarce.
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

/// The limits that the system sets to this process (`getrlimit(2)`).
package enum ProcessLimits {
  /// Makes the most of them: to be called first of all.
  ///
  /// As many files may be open, and as many threads run, as the system allows. A write beyond the limit on the size of a file (`ulimit -f`) fails
  /// with `EFBIG`, as on a full disk, instead of ending the process by `SIGXFSZ`.
  package static func prepare() {
    OpenFileLimit.raise()
    ThreadLimit.raise()
    signal(SIGXFSZ, SIG_IGN)
  }
}
