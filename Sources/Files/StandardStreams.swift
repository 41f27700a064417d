#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard output and standard error as descriptors.
package enum StandardStreams {
  /// Takes the numbers of those that are closed, so that no file which is opened later gets what is meant for them.
  /// Writing to them goes on failing, and so does writing to one whose reader is gone (`EPIPE`), which would otherwise end
  /// the process. To be called before anything is opened.
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
