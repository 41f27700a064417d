import CFileSystem

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A database's file, by the name by which it is opened.
///
/// SQLite keeps its log beside the database under that name, so that a file with two names (hard links, a bind mount)
/// would have two logs, of which neither name's users see the other's: this is how such databases get damaged
/// (<https://www.sqlite.org/howtocorrupt.html> §2.5). So the file itself carries a note of the name by which it was opened
/// for writing last; while there is a log beside that name, every command uses it, whichever name it was given.
package struct DatabaseFile: Sendable {
  /// An absolute path without links. SQLite itself takes some other paths for something else: `file:x.db`, `:memory:`.
  package let path: String
  /// The path as given, for messages.
  package let given: String

  /// - Parameter path: of a database that may not be there yet.
  package init(_ path: String) {
    given = path
    // What has no place can't be opened; the error is SQLite's.
    let place = AtomicFile.place(of: path) ?? (PathParts.isAbsolute(path) ? path : "./" + path)
    self.path = Self.nameWithLog(of: place) ?? place
  }

  package var log: String { path + "-wal" }
  package var index: String { path + "-shm" }
  package var rollbackJournal: String { path + "-journal" }

  /// Of answers that could not be committed, and of their database's journal.
  package var answersAside: String { path + "-answers" }

  /// The database and what may be beside it.
  package var files: [String] { [path] + companions + [answersAside, answersAside + "-journal"] }

  /// What SQLite makes beside it.
  package var companions: [String] { [log, index, rollbackJournal] }

  /// Of the lock by which runs keep each other out.
  package var lockPath: String { path + "-lock" }

  /// Makes an empty one where there is nothing yet, with the rights that the umask leaves, as the reports have them. SQLite
  /// would take the group's right to write away, and gives its other files those of this one.
  ///
  /// An error is left to SQLite, which meets it again.
  package func create() {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if descriptor >= 0 { _ = close(descriptor) }
  }

  package func remove() { for file in files { Folder.removeFile(file) } }

  // MARK: - Checks

  /// SQLite's limit for a path, that of its files beside the database included (`MAX_PATHNAME` in its `os_unix.c`).
  private static let longestPath = 512

  /// Finds out whether SQLite could write the database and its files beside it, and touches nothing.
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

  /// - Throws: `ENOENT` where there is no database, and why there is no way to it.
  package func checkExistence() throws(FileError) {
    guard access(path, F_OK) == 0 else { throw .last(path: given) }
  }

  /// Finds out whether the database can be read.
  ///
  /// - Throws: also `ENOENT`, where there is none, and `EISDIR`.
  package func checkReading() throws(FileError) {
    guard access(path, R_OK) == 0 else { throw .last(path: given) }
    guard FileStatus(path: path)?.isDirectory != true else { throw FileError(path: given, code: EISDIR) }
    // An empty log holds nothing that could be missed.
    guard FileStatus(path: log)?.size ?? 0 == 0 || access(log, R_OK) == 0 else { throw .last(path: log) }
  }

  // MARK: - The note

  private static let attribute = "user.jelou-inventory.opened-as"

  /// Notes in the file the name by which it is opened for writing. Only whoever holds its lock may do so.
  ///
  /// - Throws: where the file has several names, and its file system can't keep the note.
  package func noteName() throws(FileError) {
    guard Self.notedName(in: path) != path else { return }
    let bytes = Array(path.utf8)
    guard file_set_attribute(path, Self.attribute, bytes, bytes.count) != 0 else { return }
    guard let status = FileStatus(path: path), status.linkCount > 1 else { return }
    throw FileError(
      path: given, code: EMLINK,
      explanation: "the file has \(status.linkCount) names (hard links), and this file system can't note which of them "
        + "is in use; keep one name, or make the others symbolic links")
  }

  /// Another name of the same file, by which it was opened last, where the log still holds something.
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

  /// Makes an empty one where there is nothing yet, which nobody may read who may not read the other.
  ///
  /// An error is left to SQLite, which meets it again.
  package static func create(_ path: String, like other: String) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { _ = close(descriptor) }
    guard let status = FileStatus(path: other) else { return }
    let isSameGroup = fchown(descriptor, uid_t.max, status.group) == 0
    _ = fchmod(descriptor, status.permissions & (isSameGroup ? 0o666 : 0o600) | 0o600)
  }
}
