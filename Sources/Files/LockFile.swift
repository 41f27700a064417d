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
  /// The lock's file.
  package var path: String
  /// What its holder has written there; nil when it had no time yet.
  package var holder: String?

  package init(path: String, holder: String?) {
    self.path = path
    self.holder = holder
  }
}

/// Keeps others out for as long as this process lives and the lock is not released: an advisory lock (`flock(2)`) on a
/// file of its own. The system gives it back when the process ends, however it ends; the file that such a process leaves
/// behind holds nobody up.
package final class LockFile: Sendable {
  private static let longestHolder = 200

  package let path: String
  /// -1 once it is released.
  private let descriptor: Mutex<Int32>

  /// - Parameter holder: one line for whoever comes while it is held.
  /// - Throws: ``LockHeld`` or ``FileError``.
  package init(path: String, holder: String) throws {
    self.path = path
    guard let descriptor = try Self.acquire(path, creating: true) else { throw FileError(path: path, code: ENOENT) }
    self.descriptor = Mutex(descriptor)
    let line = Array((holder + "\n").utf8)
    // The lock holds without the words, too.
    _ = ftruncate(descriptor, 0)
    _ = line.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  /// Finds out whether the lock could be had, and leaves everything as it is. A lock whose file is there is taken for an
  /// instant: there is no other way to ask.
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
      // While it is still held: a file that another process has made since is not taken away.
      _ = unlink(path)
      _ = close(descriptor)
      descriptor = -1
    }
  }

  /// - Returns: the file's descriptor, which holds the lock; nil when there is no file and none is to be made.
  private static func acquire(_ path: String, creating: Bool) throws -> Int32? {
    while true {
      var descriptor = open(path, O_RDWR | (creating ? O_CREAT : 0) | O_CLOEXEC | O_NOFOLLOW, 0o644)
      // A file that another user's process has left can be locked all the same; only its words can't be replaced.
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
      // Its last holder may have removed the file between the two calls.
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
