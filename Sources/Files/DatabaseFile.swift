import CFileSystem

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A database file, identified by the name under which it is opened.
///
/// SQLite stores its write-ahead log next to the database, under the database's name. A file with two names (hard
/// links, a bind mount) would therefore have two logs, and users of one name would not see the other log. This corrupts
/// the database (<https://www.sqlite.org/howtocorrupt.html> §2.5). To prevent it, the file stores the name under which
/// it was last opened for writing, in an extended attribute. While a log exists next to that name, every command uses
/// that name, whichever name it was given.
package struct DatabaseFile: Sendable {
  /// An absolute path without symbolic links. SQLite gives some other paths a special meaning: `file:x.db`, `:memory:`.
  package let path: String
  /// The path as given, for messages.
  package let given: String

  /// - Parameter path: the path of a database, which may not exist yet.
  package init(_ path: String) {
    given = path
    // If the path can't be resolved, SQLite can't open it either, and reports the error.
    let place = AtomicFile.place(of: path) ?? (PathParts.isAbsolute(path) ? path : "./" + path)
    self.path = Self.nameWithLog(of: place) ?? place
  }

  package var log: String { path + "-wal" }
  package var index: String { path + "-shm" }
  package var rollbackJournal: String { path + "-journal" }

  /// The path of the database for answers that could not be committed. The suffix `-journal` is added for its journal.
  package var answersAside: String { path + "-answers" }

  /// The database and the files that may exist next to it, except the lock file.
  package var files: [String] { [path] + companions + [answersAside, answersAside + "-journal"] }

  /// The files that SQLite creates next to the database.
  package var companions: [String] { [log, index, rollbackJournal] }

  /// The path of the lock file that prevents concurrent runs.
  package var lockPath: String { path + "-lock" }

  /// Creates an empty database file if none exists, with the permissions that the umask allows, like the reports.
  ///
  /// If SQLite created the file, it would remove the group's write permission. SQLite gives its other files the
  /// permissions of this one. Errors are ignored here: SQLite encounters and reports them later.
  package func create() {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if descriptor >= 0 { _ = close(descriptor) }
  }

  package func remove() { for file in files { Folder.removeFile(file) } }

  // MARK: - Checks

  /// SQLite's limit on the length of a path in bytes, including the files next to the database (`MAX_PATHNAME` in its
  /// `os_unix.c`).
  private static let longestPath = 512

  /// Checks, without changing anything, that SQLite can write the database and the files next to it.
  package func checkWriting() throws(FileError) {
    let longest = [rollbackJournal, AtomicFile.hiddenPath(of: path, kind: "parts")]
    do throws(FileError) {
      for file in longest { try AtomicFile.checkFolder(of: file) }
      guard rollbackJournal.utf8.count < Self.longestPath else { throw FileError(path: path, code: ENAMETOOLONG) }
    } catch {
      throw error.about(given)
    }
    for file in files { try Self.checkWriting(file, as: file == path ? given : file) }
  }

  private static func checkWriting(_ file: String, as name: String) throws(FileError) {
    guard let status = FileStatus(path: file) else { return }
    guard status.isRegularFile else { throw FileError(path: name, code: status.isDirectory ? EISDIR : EEXIST) }
    let traits = FileTraits(path: file)
    guard !traits.isImmutable, !traits.isAppendOnly else {
      throw FileError(
        path: name, code: EPERM, explanation: "it is marked immutable or append-only; see lsattr and chattr")
    }
    guard access(file, R_OK | W_OK) == 0 else { throw .last(path: name) }
  }

  /// - Throws: `ENOENT` if there is no database, or the error that prevents access to it.
  package func checkExistence() throws(FileError) {
    guard access(path, F_OK) == 0 else { throw .last(path: given) }
  }

  /// Checks that the database can be read.
  ///
  /// - Throws: among other errors, `ENOENT` if there is no database, and `EISDIR` if the path is a folder.
  package func checkReading() throws(FileError) {
    guard access(path, R_OK) == 0 else { throw .last(path: given) }
    guard FileStatus(path: path)?.isDirectory != true else { throw FileError(path: given, code: EISDIR) }
    // An unreadable log matters only if it has content.
    guard FileStatus(path: log)?.size ?? 0 == 0 || access(log, R_OK) == 0 else { throw .last(path: log) }
  }

  // MARK: - The stored name

  private static let attribute = "user.jelou-inventory.opened-as"

  /// Stores in the file the name under which it is opened for writing. The caller must hold the database's lock.
  ///
  /// - Throws: an error if the file has several names and its file system can't store the attribute.
  package func noteName() throws(FileError) {
    guard Self.notedName(in: path) != path else { return }
    let bytes = Array(path.utf8)
    guard file_set_attribute(path, Self.attribute, bytes, bytes.count) != 0 else { return }
    guard let status = FileStatus(path: path), status.linkCount > 1 else { return }
    throw FileError(
      path: given, code: EMLINK,
      explanation:
        "the file has \(status.linkCount) hard links, and this file system can't record which of them is in use; "
        + "keep one, and replace the others with symbolic links")
  }

  /// Another name of the same file, under which it was last opened; nil unless the log next to that name has content.
  private static func nameWithLog(of place: String) -> String? {
    guard let noted = notedName(in: place), !noted.utf8.elementsEqual(place.utf8),
      let identity = FileStatus(path: place)?.identity, FileStatus(path: noted)?.identity == identity,
      FileStatus(path: noted + "-wal")?.size ?? 0 > 0
    else { return nil }
    return noted
  }

  private static func notedName(in place: String) -> String? {
    var bytes = [UInt8](repeating: 0, count: longestPath)
    let length = file_attribute(place, attribute, &bytes, bytes.count)
    guard length > 0 else { return nil }
    return String(validating: bytes.prefix(length), as: UTF8.self)
  }

  /// Creates an empty file if none exists. Users who can't read the other file can't read this one either.
  ///
  /// Errors are ignored here: SQLite encounters and reports them later.
  package static func create(_ path: String, like other: String) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { _ = close(descriptor) }
    guard let status = FileStatus(path: other) else { return }
    let isSameGroup = fchown(descriptor, uid_t.max, status.group) == 0
    _ = fchmod(descriptor, status.permissions & (isSameGroup ? 0o666 : 0o600) | 0o600)
  }
}
