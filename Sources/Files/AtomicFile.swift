#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that replaces its destination atomically: readers see either the old file or the complete new one.
///
/// The content is written to a hidden partial file in the destination's folder, which is then renamed. If the
/// destination is a symbolic link, the link stays and its target is replaced. The partial file always has the same
/// name, so that the next process overwrites what a killed process left.
package final class AtomicFile {
  private static let bufferSize = 262_144

  /// The destination, as given.
  package let path: String
  /// Bytes written so far.
  package private(set) var byteCount = 0
  private let target: String
  private let partialPath: String
  private var descriptor: Int32
  /// Whether the partial file no longer exists: it was renamed or removed.
  private var isInPlace = false
  private var buffer: [UInt8] = []

  /// - Throws: `EISDIR` or `EEXIST` if the path leads to something other than a regular file.
  package init(path: String) throws(FileError) {
    self.path = path
    let old: FileStatus?
    (target, old) = try Self.replaceable(path)
    partialPath = Self.partialPath(of: target)
    // Remove an existing partial file instead of opening it: it could be a link to another user's file.
    _ = unlink(partialPath)
    descriptor = open(partialPath, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
    // Keep the old file's group and permissions: whoever restricted or shared it expects the same of the new file.
    if let old {
      if old.group != FileStatus(descriptor: descriptor)?.group { _ = fchown(descriptor, uid_t.max, old.group) }
      _ = fchmod(descriptor, old.permissions)
    }
    buffer.reserveCapacity(Self.bufferSize * 2)
  }

  deinit {
    discard()
  }

  package func write(_ bytes: [UInt8]) throws(FileError) {
    byteCount += bytes.count
    buffer += bytes
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Replaces the content written so far with a file that another component has written.
  ///
  /// The file is moved: it no longer exists at its previous path.
  ///
  /// - Parameter path: the file to move; it must be in the same file system.
  package func adopt(_ path: String) throws(FileError) {
    let adopted = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
    guard adopted >= 0 else { throw .last(path: self.path) }
    var (own, other) = (stat(), stat())
    guard fstat(descriptor, &own) == 0, fstat(adopted, &other) == 0, fchmod(adopted, own.st_mode & 0o777) == 0,
      rename(path, partialPath) == 0
    else {
      let error = FileError.last(path: self.path)
      _ = close(adopted)
      throw error
    }
    _ = close(descriptor)
    descriptor = adopted
    buffer.removeAll()
    byteCount = Int(other.st_size)
  }

  /// Flushes, syncs and closes the partial file. Nothing may be written afterward.
  ///
  /// An error caused by a full disk occurs here, before the destination changes.
  package func finish() throws(FileError) {
    try flush()
    guard fsync(descriptor) == 0 || Self.isUnsupportedSync(errno) else { throw .last(path: path) }
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0 else { throw .last(path: path) }
  }

  /// Whether a failed sync means only that the file system, or this type of file, does not support syncing. No data is
  /// lost in that case.
  static func isUnsupportedSync(_ code: Int32) -> Bool {
    [EINVAL, EROFS, EOPNOTSUPP, ENOTSUP, ENOSYS].contains(code)
  }

  /// Renames the finished partial file to its destination and syncs the folder.
  package func putInPlace() throws(FileError) {
    guard rename(partialPath, target) == 0 else {
      let error = FileError.last(path: path)
      discard()
      throw error
    }
    isInPlace = true
    try Folder.sync(Self.folder(of: target))
  }

  /// Calls ``finish()``, then ``putInPlace()``.
  package func commit() throws(FileError) {
    try finish()
    try putInPlace()
  }

  /// Removes the partial file and leaves the destination unchanged.
  package func discard() {
    if descriptor >= 0 { _ = close(descriptor) }
    descriptor = -1
    if !isInPlace { _ = unlink(partialPath) }
    isInPlace = true
  }

  /// Checks that a file can be written to a path, by creating and removing the partial file.
  package static func probe(path: String) throws(FileError) {
    try AtomicFile(path: path).discard()
  }

  /// Checks the same as ``probe(path:)``, as far as possible without creating or changing anything.
  package static func check(path: String) throws(FileError) {
    let (target, _) = try replaceable(path)
    let partial = partialPath(of: target)
    if FileStatus(path: partial)?.isDirectory == true { throw FileError(path: path, code: EEXIST) }
    do {
      try checkFolder(of: partial)
    } catch {
      throw error.about(path)
    }
  }

  /// Checks that a file can be created at a path. Its folder may not exist yet.
  static func checkFolder(of path: String) throws(FileError) {
    let folder = folder(of: path)
    do {
      try Folder.checkWriting(into: folder)
    } catch {
      throw error.about(path)
    }
    guard PathParts.name(of: path).utf8.count <= Folder.longestName(in: folder) else {
      throw FileError(path: path, code: ENAMETOOLONG)
    }
  }

  /// The path after symbolic links are followed, and the status of the regular file there; nil if there is no file.
  private static func replaceable(_ path: String) throws(FileError) -> (target: String, old: FileStatus?) {
    let target = try target(of: path)
    let old = FileStatus(path: target)
    // Renaming over a device or a FIFO would break the programs that use it.
    if let old, !old.isRegularFile { throw FileError(path: path, code: old.isDirectory ? EISDIR : EEXIST) }
    do {
      try Folder.checkEntriesChangeable(in: folder(of: target))
    } catch {
      throw error.about(path)
    }
    if let old { try checkReplacing(target, old, of: path) }
    return (target, old)
  }

  /// Checks that `rename(2)` can replace an existing file.
  ///
  /// - Parameter path: the path as given, for error messages.
  private static func checkReplacing(_ target: String, _ old: FileStatus, of path: String) throws(FileError) {
    let traits = FileTraits(path: target)
    guard !traits.isMountPoint else {
      throw FileError(
        path: path, code: EBUSY,
        explanation: "it is a mount point and can't be replaced; mount its folder instead")
    }
    guard !traits.isImmutable, !traits.isAppendOnly else {
      throw FileError(
        path: path, code: EPERM, explanation: "it is marked immutable or append-only; see lsattr and chattr")
    }
    if let folder = FileStatus(path: folder(of: target)), !mayReplace(old, in: folder) {
      throw FileError(
        path: path, code: EPERM,
        explanation: "it belongs to another user, and only its owner may replace it in this folder (sticky bit)")
    }
  }

  /// Whether the folder's sticky bit allows this process to replace the file (`rename(2)`, `EPERM`).
  private static func mayReplace(_ file: FileStatus, in folder: FileStatus) -> Bool {
    let user = geteuid()
    return !folder.isSticky || [0, file.owner, folder.owner].contains(user)
  }

  /// Removes the partial file that a killed process left next to a destination.
  package static func removeLeftover(path: String) {
    if let target = try? target(of: path) { _ = unlink(partialPath(of: target)) }
  }

  /// The absolute path without symbolic links, for checking whether two paths lead to the same file.
  ///
  /// Folders that do not exist yet keep the names given in the path. nil if the folder can't exist.
  package static func place(of path: String) -> String? {
    guard let target = try? target(of: path), let folder = Folder.place(of: folder(of: target)) else { return nil }
    return (folder == "/" ? "" : folder) + "/" + (PathParts.all(of: target).last ?? "")
  }

  /// The path of the partial file for a destination.
  package static func partialPath(of target: String) -> String {
    hiddenPath(of: target, kind: "partial")
  }

  /// A hidden path in the same folder as a file. It is always the same for a given file and kind.
  static func hiddenPath(of target: String, kind: String) -> String {
    folder(of: target) + "/." + PathParts.name(of: target) + "." + kind
  }

  private func flush() throws(FileError) {
    var written = 0
    while written < buffer.count {
      let count = buffer.withUnsafeBytes {
        systemWrite(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
      }
      if count > 0 {
        written += count
      } else if errno != EINTR {
        throw .last(path: path)
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private static func folder(of path: String) -> String { PathParts.folder(of: path) ?? "." }

  /// The path after symbolic links are followed, including links whose target does not exist yet.
  ///
  /// - Throws: among other errors, `EILSEQ` if a link's target is not UTF-8: a repaired name would be a different file.
  static func target(of path: String) throws(FileError) -> String {
    var path = path
    for _ in 0..<40 {
      guard let destination = linkTarget(of: path) else { return path }
      guard let destination = String(validating: destination, as: UTF8.self) else {
        throw FileError(path: path, code: EILSEQ)
      }
      path = PathParts.isAbsolute(destination) ? destination : folder(of: path) + "/" + destination
    }
    throw FileError(path: path, code: ELOOP)
  }

  /// The target of a symbolic link, as bytes; nil for anything else.
  private static func linkTarget(of path: String) -> [UInt8]? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { link in
      guard let start = link.baseAddress else { return nil }
      let length = readlink(path, start, link.count)
      return length < 0 ? nil : Array(UnsafeRawBufferPointer(start: start, count: length))
    }
  }
}

/// Calls `write(2)`, which the method of the same name hides.
private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}
