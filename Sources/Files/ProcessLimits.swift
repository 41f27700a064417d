#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

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
