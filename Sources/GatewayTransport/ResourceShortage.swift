#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A lack of local resources for another connection: file descriptors, memory or ports. It ends when other connections
/// or programs end.
enum ResourceShortage {
  /// Whether an error number (`errno` of `socket(2)` or `connect(2)`) means such a shortage.
  static func isMeant(by code: Int32) -> Bool {
    [EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL, EAGAIN].contains(code)
  }

  /// The error number when a shortage currently prevents opening any file; nil otherwise.
  static var ofFiles: Int32? {
    let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
    guard descriptor < 0 else {
      _ = close(descriptor)
      return nil
    }
    return isMeant(by: errno) ? errno : nil
  }
}
