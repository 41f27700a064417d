#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Folders, made and removed.
package enum Folder {
  /// Makes a folder and those above it that are missing; all of them or none.
  ///
  /// - Returns: what was made, outermost first.
  @discardableResult
  package static func create(_ path: String) throws(FileError) -> [String] {
    var created: [String] = []
    var prefix = ""
    for (index, component) in path.split(separator: "/", omittingEmptySubsequences: false).enumerated() {
      prefix += index == 0 ? component : "/" + component
      if prefix.isEmpty || component.isEmpty { continue }
      if mkdir(prefix, 0o777) == 0 {
        created.append(prefix)
      } else if errno != EEXIST && errno != EISDIR {
        let error = FileError.last(path: prefix)
        removeIfEmpty(created)
        throw error
      }
    }
    guard let status = FileStatus(path: path) else { throw FileError(path: path, code: ENOENT) }
    guard status.isDirectory else { throw FileError(path: path, code: ENOTDIR) }
    return created
  }

  /// Removes folders as far as they are empty, innermost first.
  package static func removeIfEmpty(_ created: [String]) {
    for path in created.reversed() { _ = rmdir(path) }
  }

  /// Removes a file if it is there.
  package static func removeFile(_ path: String) { _ = unlink(path) }

  /// Makes the names in a folder durable.
  static func sync(_ path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last(path: path) }
    defer { _ = close(descriptor) }
    // Some file systems know no syncing of folders; their renames are as durable as they get.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw .last(path: path) }
  }
}
