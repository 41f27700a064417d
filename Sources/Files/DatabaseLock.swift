import CFileSystem
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Keeps other runs out of a database, whatever name they know it by.
///
/// A lock file beside the database names its holder. The file itself is locked besides, so that hard links and bind mounts
/// lead to the same lock.
package final class DatabaseLock: Sendable {
  /// The byte behind those that SQLite locks (its `PENDING_BYTE`, and 511 that follow), which holds no content either.
  private static let lockedByte: Int64 = 0x4000_0000 + 512

  private let lockFile: LockFile
  /// Of the database; -1 once it is released, and where it can't be locked.
  private let descriptor: Mutex<Int32>
  /// Whether the database was not there before.
  package let madeDatabase: Bool

  /// Makes the database where it is not there yet: an empty file.
  ///
  /// - Parameter holder: one line for whoever comes while it is held.
  /// - Throws: ``LockHeld`` or ``FileError``.
  package init(_ database: DatabaseFile, holder: String) throws {
    lockFile = try LockFile(path: database.lockPath, holder: holder)
    madeDatabase = FileStatus(path: database.path) == nil
    database.create()
    descriptor = Mutex(try Self.lock(database))
  }

  deinit {
    release()
  }

  /// To be called when the database is closed: with the descriptor, the system takes back all locks that this process has
  /// on the file, SQLite's included (`fcntl(2)`).
  package func release() {
    descriptor.withLock { descriptor in
      if descriptor >= 0 { _ = close(descriptor) }
      descriptor = -1
    }
    lockFile.release()
  }

  /// Finds out whether the lock could be had, and leaves everything as it is. This process must not have the database open.
  ///
  /// - Throws: ``LockHeld`` or ``FileError``.
  package static func check(_ database: DatabaseFile) throws {
    try LockFile.check(path: database.lockPath)
    guard !isHeld(database) else { throw LockHeld(path: database.path, holder: nil) }
  }

  /// Whether a run is at work on the database, found out without taking anything for an instant. This process must not have
  /// the database open.
  package static func isHeld(_ database: DatabaseFile) -> Bool {
    let descriptor = open(database.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { _ = close(descriptor) }
    return file_byte_is_locked(descriptor, lockedByte) != 0
  }

  /// - Returns: -1 where there is no writing, which is found out later on, and where the file system knows no such locks.
  private static func lock(_ database: DatabaseFile) throws(LockHeld) -> Int32 {
    let descriptor = open(database.path, O_RDWR | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return -1 }
    let code = file_lock_byte(descriptor, lockedByte)
    if code == 0 { return descriptor }
    _ = close(descriptor)
    guard code == EAGAIN || code == EACCES else { return -1 }
    throw LockHeld(path: database.path, holder: nil)
  }
}
