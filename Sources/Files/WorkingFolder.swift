#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A temporary folder next to a file, for data that is needed while the file is created.
///
/// The folder is removed when the last reference to it is released. It always has the same name, so that the next
/// process removes what a killed process left.
package final class WorkingFolder {
  package let path: String

  /// - Parameter place: the path of the file, for error messages too.
  package init(beside place: String) throws(FileError) {
    path = Self.path(of: try AtomicFile.target(of: place))
    Self.remove(path)
    // Never use an existing folder: it could belong to another user and contain links.
    guard mkdir(path, 0o700) == 0 else { throw .last(path: place) }
  }

  deinit {
    Self.remove(path)
  }

  /// Checks that the folder can be created, by creating and removing it.
  package static func probe(beside place: String) throws(FileError) { _ = try WorkingFolder(beside: place) }

  /// Checks the same as ``probe(beside:)``, as far as possible without changing anything.
  package static func check(beside place: String) throws(FileError) {
    let path = path(of: try AtomicFile.target(of: place))
    if let status = FileStatus(path: path), !status.isDirectory { throw FileError(path: place, code: EEXIST) }
    do {
      try AtomicFile.checkFolder(of: path)
    } catch {
      throw error.about(place)
    }
  }

  /// Removes the folder that a killed process left next to a file.
  package static func removeLeftover(beside place: String) {
    if let target = try? AtomicFile.target(of: place) { remove(path(of: target)) }
  }

  /// A path for a file that only this process uses, in the system's folder for large temporary files.
  package static func temporaryPlace(for name: String) -> String {
    let folder = getenv("TMPDIR").flatMap { String(validatingCString: $0) } ?? ""
    return (folder.isEmpty ? "/var/tmp" : folder) + "/jelou-inventory-\(getpid())-" + name
  }

  private static func path(of target: String) -> String { AtomicFile.hiddenPath(of: target, kind: "parts") }

  /// Removes the folder and the files in it. It has no subfolders.
  private static func remove(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0, let folder = fdopendir(descriptor) else {
      if descriptor >= 0 { _ = close(descriptor) }
      return
    }
    while let entry = readdir(folder) {
      // Read the name in place, without copying the entry: the entry ends after its name and is shorter than its type.
      guard let name = UnsafePointer(entry).pointer(to: \.d_name) else { continue }
      unlinkat(descriptor, UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self), 0)
    }
    _ = closedir(folder)
    _ = rmdir(path)
  }
}
