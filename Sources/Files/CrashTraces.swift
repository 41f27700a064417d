#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Controls what a crash reveals about the memory of the process.
package enum CrashTraces {
  /// Disables core dumps and crash reports, because the memory holds keys.
  ///
  /// The system writes no core dump (`core(5)`), and the Swift runtime prints neither registers nor the memory that
  /// they point to. A crash still ends the process with its signal.
  package static func forbid() {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    #if canImport(Glibc)
      _ = setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    #else
      _ = setrlimit(RLIMIT_CORE, &none)
    #endif
    for number in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV] { signal(number, SIG_DFL) }
  }
}
