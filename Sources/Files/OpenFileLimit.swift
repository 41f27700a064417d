#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many files and connections a process may have open at a time.
package enum OpenFileLimit {
  /// Raises this process's own limit as far as the system lets it (`setrlimit(2)`), which is often far: the usual 1,024 is
  /// kept for programs that can't tell apart more.
  ///
  /// - Returns: how many may be open now.
  @discardableResult
  package static func raise() -> Int {
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let resource = RLIMIT_NOFILE
    #endif
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return 0 }
    var raised = limit
    #if canImport(Darwin)
      raised.rlim_cur = min(limit.rlim_max, rlim_t(OPEN_MAX))
    #else
      raised.rlim_cur = limit.rlim_max
    #endif
    return Int(clamping: setrlimit(resource, &raised) == 0 ? raised.rlim_cur : limit.rlim_cur)
  }
}
