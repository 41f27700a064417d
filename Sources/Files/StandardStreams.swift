#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard output and standard error as descriptors.
package enum StandardStreams {
  /// Reserves the descriptor numbers of closed standard streams. Call it before anything is opened.
  ///
  /// A file that is opened later can then not receive output meant for these streams. Writing to them still fails.
  /// Writing to a stream whose reader has exited fails with `EPIPE` instead of ending the process.
  package static func reserve() {
    signal(SIGPIPE, SIG_IGN)
    for number in [STDOUT_FILENO, STDERR_FILENO] where fcntl(number, F_GETFD) < 0 {
      let descriptor = open("/dev/null", O_RDONLY)
      guard descriptor >= 0, descriptor != number else { continue }
      _ = dup2(descriptor, number)
      _ = close(descriptor)
    }
  }

  package static var outputIsWritable: Bool {
    let flags = fcntl(STDOUT_FILENO, F_GETFL)
    return flags >= 0 && flags & O_ACCMODE != O_RDONLY
  }
}
