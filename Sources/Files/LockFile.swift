import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Another process holds a lock.
package struct LockHeld: Error, Hashable {
  /// The lock file, or the locked database.
  package var path: String
  /// The line that the holder wrote into the lock file; nil if it is not available, for example because it was not
  /// written yet.
  package var holder: String?

  package init(path: String, holder: String?) {
    self.path = path
    self.holder = holder
  }
}

/// An advisory lock (`flock(2)`) on a dedicated file. It excludes other processes until it is released.
///
/// The system releases the lock when the process ends, however it ends. A lock file that such a process leaves behind
/// blocks nobody.
package final class LockFile: Sendable {
  private static let longestHolder = 200

  package let path: String
  /// -1 after release.
  private let descriptor: Mutex<Int32>

  /// - Parameter holder: one line that is shown to other processes while the lock is held.
  /// - Throws: ``LockHeld`` or ``FileError``.
  package init(path: String, holder: String) throws {
    self.path = path
    guard let descriptor = try Self.acquire(path, creating: true) else { throw FileError(path: path, code: ENOENT) }
    self.descriptor = Mutex(descriptor)
    let line = Array((holder + "\n").utf8)
    // The lock is valid even if this line can't be written.
    _ = ftruncate(descriptor, 0)
    _ = line.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  /// Checks whether the lock is available, without lasting changes.
  ///
  /// If the lock file exists, the check acquires the lock for an instant: there is no other way to test it.
  ///
  /// - Throws: ``LockHeld`` or ``FileError``.
  package static func check(path: String) throws {
    if let descriptor = try acquire(path, creating: false) {
      _ = close(descriptor)
    } else {
      try AtomicFile.checkFolder(of: path)
    }
  }

  deinit {
    release()
  }

  package func release() {
    descriptor.withLock { descriptor in
      guard descriptor >= 0 else { return }
      // Remove the file while the lock is held: afterward, another process could have created a new one.
      _ = unlink(path)
      _ = close(descriptor)
      descriptor = -1
    }
  }

  /// - Returns: the descriptor that holds the lock; nil if there is no file and `creating` is false.
  private static func acquire(_ path: String, creating: Bool) throws -> Int32? {
    while true {
      var descriptor = open(path, O_RDWR | (creating ? O_CREAT : 0) | O_CLOEXEC | O_NOFOLLOW, 0o644)
      // A file that another user's process left can still be locked; only its content can't be replaced.
      if descriptor < 0, errno == EACCES {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if descriptor < 0, errno == ENOENT, creating { errno = EACCES }
      }
      if descriptor < 0, errno == ENOENT, !creating { return nil }
      guard descriptor >= 0 else { throw FileError.last(path: path) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let code = errno
        defer { _ = close(descriptor) }
        if code == EINTR { continue }
        guard code == EWOULDBLOCK else { throw FileError(path: path, code: code) }
        throw LockHeld(path: path, holder: firstLine(of: descriptor))
      }
      // The previous holder may have removed the file between `open` and `flock`.
      if FileStatus(path: path)?.identity == FileStatus(descriptor: descriptor)?.identity { return descriptor }
      _ = close(descriptor)
    }
  }

  private static func firstLine(of descriptor: Int32) -> String? {
    var bytes = [UInt8](repeating: 0, count: longestHolder)
    let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    let line = bytes.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }
    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
  }
}
