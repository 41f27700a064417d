#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder beside a file's place, for what is needed while the file is made. Gone with its last reference.
///
/// Its name is always the same, so that what a killed process left is removed by the next.
package final class WorkingFolder {
  package let path: String

  /// - Parameter place: of the file; named by the errors.
  package init(beside place: String) throws(FileError) {
    path = Self.path(of: try AtomicFile.target(of: place))
    Self.remove(path)
    // Never one that is there already: it could be somebody's, with links in it.
    guard mkdir(path, 0o700) == 0 else { throw .last(path: place) }
  }

  deinit {
    Self.remove(path)
  }

  /// Finds out whether there could be one, and leaves nothing there.
  package static func probe(beside place: String) throws(FileError) { _ = try WorkingFolder(beside: place) }

  /// Finds out the same, as far as it can be known, without touching anything.
  package static func check(beside place: String) throws(FileError) {
    let path = path(of: try AtomicFile.target(of: place))
    if let status = FileStatus(path: path), !status.isDirectory { throw FileError(path: place, code: EEXIST) }
    do {
      try AtomicFile.checkFolder(of: path)
    } catch {
      throw error.about(place)
    }
  }

  /// Removes what a killed process has left beside a place.
  package static func removeLeftover(beside place: String) {
    if let target = try? AtomicFile.target(of: place) { remove(path(of: target)) }
  }

  /// A place for a file of this process alone, in the system's folder for large temporary ones.
  package static func temporaryPlace(for name: String) -> String {
    let folder = getenv("TMPDIR").flatMap { String(validatingCString: $0) } ?? ""
    return (folder.isEmpty ? "/var/tmp" : folder) + "/jelou-inventory-\(getpid())-" + name
  }

  private static func path(of target: String) -> String { AtomicFile.hiddenPath(of: target, kind: "parts") }

  /// With the files in it; it has no folders.
  private static func remove(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0, let folder = fdopendir(descriptor) else {
      if descriptor >= 0 { _ = close(descriptor) }
      return
    }
    while let entry = readdir(folder) {
      // Where it stands, never a copy: an entry ends with its name, long before its type does.
      guard let name = UnsafePointer(entry).pointer(to: \.d_name) else { continue }
      unlinkat(descriptor, UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self), 0)
    }
    _ = closedir(folder)
    _ = rmdir(path)
  }
}
