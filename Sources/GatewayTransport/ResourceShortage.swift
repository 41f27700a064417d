#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What this machine may lack for another connection: descriptors, memory or ports. It passes when other connections or
/// other programs end.
enum ResourceShortage {
  /// Whether the system's error number (`errno`, of `socket(2)` or `connect(2)`) says so.
  static func isMeant(by code: Int32) -> Bool {
    [EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL, EAGAIN].contains(code)
  }

  /// The error number with which no file can be opened at present; nil where one can.
  static var ofFiles: Int32? {
    let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
    guard descriptor < 0 else {
      _ = close(descriptor)
      return nil
    }
    return isMeant(by: errno) ? errno : nil
  }
}
