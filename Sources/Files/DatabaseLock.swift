import CFileSystem
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Prevents other runs from using a database, whichever name they use for it.
///
/// A lock file next to the database names the holder. A byte of the database file itself is locked too, so that hard
/// links and bind mounts lead to the same lock.
package final class DatabaseLock: Sendable {
  /// The byte after those that SQLite locks (its `PENDING_BYTE` and the 511 bytes that follow). It never holds content
  /// either.
  private static let lockedByte: Int64 = 0x4000_0000 + 512

  private let lockFile: LockFile
  /// The descriptor of the database; -1 after release, or if the file can't be locked.
  private let descriptor: Mutex<Int32>
  /// Whether the database did not exist before.
  package let madeDatabase: Bool

  /// Acquires the lock. If the database does not exist yet, creates it as an empty file.
  ///
  /// - Parameter holder: one line that is shown to other processes while the lock is held.
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

  /// Releases the lock. Call it after the database is closed.
  ///
  /// Closing the descriptor also releases all other locks that this process holds on the file, including SQLite's
  /// (`fcntl(2)`).
  package func release() {
    descriptor.withLock { descriptor in
      if descriptor >= 0 { _ = close(descriptor) }
      descriptor = -1
    }
    lockFile.release()
  }

  /// Checks whether the lock is available, and changes nothing. This process must not have the database open.
  ///
  /// - Throws: ``LockHeld`` or ``FileError``.
  package static func check(_ database: DatabaseFile) throws {
    try LockFile.check(path: database.lockPath)
    guard !isHeld(database) else { throw LockHeld(path: database.path, holder: nil) }
  }

  /// Whether a run is using the database. The check acquires no lock, not even briefly. This process must not have the
  /// database open.
  package static func isHeld(_ database: DatabaseFile) -> Bool {
    let descriptor = open(database.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { _ = close(descriptor) }
    return file_byte_is_locked(descriptor, lockedByte) != 0
  }

  /// - Returns: the descriptor that holds the lock; -1 if the database can't be opened for writing, which is detected
  ///   later, or if the file system does not support such locks.
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
