#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that is written beside its place and put there when it is whole: a reader sees the old one or the new one.
///
/// A symbolic link at the place stays, and its target is replaced. The name beside the place is always the same, so
/// that what a killed process left is overwritten by the next.
package final class AtomicFile {
  private static let bufferSize = 262_144

  /// The place, as given.
  package let path: String
  /// Bytes written so far.
  package private(set) var byteCount = 0
  private let target: String
  private let partialPath: String
  private var descriptor: Int32
  /// Whether there is nothing beside the place any more.
  private var isInPlace = false
  private var buffer: [UInt8] = []

  /// - Throws: `EISDIR` or `EEXIST` when something other than a regular file is at the place.
  package init(path: String) throws(FileError) {
    self.path = path
    let old: FileStatus?
    (target, old) = try Self.replaceable(path)
    partialPath = Self.partialPath(of: target)
    // Whatever is there is taken away, never opened: it could be a link to a file of somebody's.
    _ = unlink(partialPath)
    descriptor = open(partialPath, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
    // Whoever closed the old file to others, or opened it to a group, expects the same of the new one.
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

  /// Takes a file that another program part has written for the content, in place of what was written here; it is then
  /// no longer where it was.
  ///
  /// - Parameter path: in the same file system.
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

  /// Makes the whole file durable beside its place: what can fail for want of space fails here. Nothing may be written
  /// any more.
  package func finish() throws(FileError) {
    try flush()
    guard fsync(descriptor) == 0 || Self.isUnsupportedSync(errno) else { throw .last(path: path) }
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0 else { throw .last(path: path) }
  }

  /// Whether a failed sync only says that this file system, or this kind of file, knows none: nothing was lost then.
  static func isUnsupportedSync(_ code: Int32) -> Bool {
    [EINVAL, EROFS, EOPNOTSUPP, ENOTSUP, ENOSYS].contains(code)
  }

  /// Puts the finished file in its place.
  package func putInPlace() throws(FileError) {
    guard rename(partialPath, target) == 0 else {
      let error = FileError.last(path: path)
      discard()
      throw error
    }
    isInPlace = true
    try Folder.sync(Self.folder(of: target))
  }

  /// Syncs the file and puts it in its place.
  package func commit() throws(FileError) {
    try finish()
    try putInPlace()
  }

  /// Leaves the place as it was.
  package func discard() {
    if descriptor >= 0 { _ = close(descriptor) }
    descriptor = -1
    if !isInPlace { _ = unlink(partialPath) }
    isInPlace = true
  }

  /// Finds out whether a file could be put at a path, and leaves nothing there.
  package static func probe(path: String) throws(FileError) {
    try AtomicFile(path: path).discard()
  }

  /// Finds out the same as ``probe(path:)``, as far as it can be known, without touching anything.
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

  /// Finds out whether a file could be made at a path; its folder may be missing yet.
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

  /// Where a path leads, and the regular file that may be there.
  private static func replaceable(_ path: String) throws(FileError) -> (target: String, old: FileStatus?) {
    let target = try target(of: path)
    let old = FileStatus(path: target)
    // Renaming over a device or a FIFO would take it from those who use it.
    if let old, !old.isRegularFile { throw FileError(path: path, code: old.isDirectory ? EISDIR : EEXIST) }
    do {
      try Folder.checkEntriesChangeable(in: folder(of: target))
    } catch {
      throw error.about(path)
    }
    if let old { try checkReplacing(target, old, of: path) }
    return (target, old)
  }

  /// Makes sure that `rename(2)` could put another file in the place of one.
  ///
  /// - Parameter path: as given; named by the errors.
  private static func checkReplacing(_ target: String, _ old: FileStatus, of path: String) throws(FileError) {
    let traits = FileTraits(path: target)
    guard !traits.isMountPoint else {
      throw FileError(
        path: path, code: EBUSY,
        explanation: "it is a mount point, where no other file can be put; mount its folder instead")
    }
    guard !traits.isImmutable, !traits.isAppendOnly else {
      throw FileError(
        path: path, code: EPERM, explanation: "it is marked immutable or append-only; see lsattr and chattr")
    }
    if let folder = FileStatus(path: folder(of: target)), !mayReplace(old, in: folder) {
      throw FileError(
        path: path, code: EPERM,
        explanation: "it belongs to another user, and in this folder only its owner may replace it (sticky bit)")
    }
  }

  /// Whether the sticky bit of a folder lets this process put another file in the place of one (`rename(2)`, `EPERM`).
  private static func mayReplace(_ file: FileStatus, in folder: FileStatus) -> Bool {
    let user = geteuid()
    return !folder.isSticky || [0, file.owner, folder.owner].contains(user)
  }

  /// Removes what a killed process has left beside a place.
  package static func removeLeftover(path: String) {
    if let target = try? target(of: path) { _ = unlink(partialPath(of: target)) }
  }

  /// The file that a path leads to, as an absolute path without links, for telling places apart; folders that are not
  /// there yet are taken as they are named. nil where no folder can be.
  package static func place(of path: String) -> String? {
    guard let target = try? target(of: path), let folder = Folder.place(of: folder(of: target)) else { return nil }
    return (folder == "/" ? "" : folder) + "/" + (PathParts.all(of: target).last ?? "")
  }

  /// Where the file beside a place is written.
  package static func partialPath(of target: String) -> String {
    hiddenPath(of: target, kind: "partial")
  }

  /// Beside a file, hidden, and always the same.
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

  /// The file that a path leads to, also through links whose target is not there yet.
  ///
  /// - Throws: also `EILSEQ`, where a link's target is not UTF-8: repaired, it would be another file.
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

  /// The bytes of a symbolic link; nil for anything else.
  private static func linkTarget(of path: String) -> [UInt8]? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { link in
      guard let start = link.baseAddress else { return nil }
      let length = readlink(path, start, link.count)
      return length < 0 ? nil : Array(UnsafeRawBufferPointer(start: start, count: length))
    }
  }
}

/// `write(2)`, whose name the method of the same name hides.
private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}
