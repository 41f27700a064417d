#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Creates, checks and removes folders.
package enum Folder {
  /// Creates a folder and its missing parent folders: all of them or none.
  ///
  /// - Returns: the folders that were created, outermost first.
  @discardableResult
  package static func create(_ path: String) throws(FileError) -> [String] {
    var created: [String] = []
    for prefix in prefixes(of: path) {
      if mkdir(prefix, 0o777) == 0 {
        created.append(prefix)
      } else if errno != EEXIST && errno != EISDIR {
        let error = FileError.last(path: prefix)
        removeIfEmpty(created)
        throw error
      }
    }
    let status = FileStatus(path: path)
    guard status?.isDirectory == true else {
      removeIfEmpty(created)
      throw FileError(path: path, code: status == nil ? ENOENT : ENOTDIR)
    }
    return created
  }

  /// Checks whether ``create(_:)`` would succeed, without creating anything.
  ///
  /// - Throws: the error that ``create(_:)`` would throw.
  package static func checkCreation(of path: String) throws(FileError) {
    var parent = PathParts.isAbsolute(path) ? "/" : "."
    for prefix in prefixes(of: path) {
      if access(prefix, F_OK) == 0 {
        parent = prefix
        continue
      }
      var status = stat()
      // A folder can't be created at a dangling link.
      guard errno == ENOENT, lstat(prefix, &status) != 0 else { throw .last(path: prefix) }
      guard access(parent, W_OK | X_OK) == 0 else { throw .last(path: prefix) }
      // The remaining folders are missing too, unless `..` leads back to existing ones.
      guard let place = place(of: path), let status = FileStatus(path: place), !status.isDirectory else { return }
      throw FileError(path: path, code: ENOTDIR)
    }
    guard FileStatus(path: path)?.isDirectory == true else { throw FileError(path: path, code: ENOTDIR) }
  }

  /// Checks that files can be created in a folder, which may not exist yet. Creates nothing.
  package static func checkWriting(into path: String) throws(FileError) {
    try checkCreation(of: path)
    guard access(path, W_OK | X_OK) == 0 || errno == ENOENT else { throw .last(path: path) }
    try checkEntriesChangeable(in: path)
  }

  /// Checks that the folder's attributes allow its files to be renamed and removed.
  static func checkEntriesChangeable(in path: String) throws(FileError) {
    let traits = FileTraits(path: place(of: path) ?? path)
    guard traits.isAppendOnly || traits.isImmutable else { return }
    throw FileError(
      path: path, code: EPERM, explanation: "its folder is marked immutable or append-only; see lsattr and chattr")
  }

  /// The maximum length of a file name in the folder, in bytes.
  static func longestName(in path: String) -> Int {
    let longest = pathconf(path, Int32(_PC_NAME_MAX))
    return longest > 0 ? longest : Int(NAME_MAX)
  }

  /// The path and its parent folders, outermost first, spelled as in the path.
  private static func prefixes(of path: String) -> [String] {
    var prefixes: [String] = []
    var prefix = ""
    let components = path.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false)
    for (index, component) in components.enumerated() {
      prefix += (index == 0 ? "" : "/") + String(component)
      if !prefix.isEmpty && !component.isEmpty { prefixes.append(prefix) }
    }
    return prefixes
  }

  /// The absolute path without symbolic links, whether or not the folder exists yet; nil if it can't exist.
  static func place(of path: String) -> String? {
    if let resolved = realpath(path, nil) {
      defer { free(resolved) }
      return String(cString: resolved)
    }
    guard errno == ENOENT, path != ".", path != "/" else { return nil }
    let components = PathParts.all(of: path)
    guard let last = components.last else { return nil }
    let parent = components.dropLast().joined(separator: "/")
    let above = place(of: PathParts.isAbsolute(path) ? "/" + parent : parent.isEmpty ? "." : parent)
    guard let above else { return nil }
    switch last {
    case ".": return above
    case "..": return PathParts.folder(of: above)
    default: return (above == "/" ? "" : above) + "/" + last
    }
  }

  /// Removes those folders that are empty, innermost first.
  package static func removeIfEmpty(_ created: [String]) {
    for path in created.reversed() { _ = rmdir(path) }
  }

  /// Removes a file if it exists.
  package static func removeFile(_ path: String) { _ = unlink(path) }

  /// Syncs a folder to make its entries durable, where possible.
  ///
  /// A folder that this process may not read can't be synced, and some file systems don't support syncing folders. In
  /// these cases, the method returns without an error: renames there can't be made more durable.
  static func sync(_ path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == EACCES { return }
      throw .last(path: path)
    }
    defer { _ = close(descriptor) }
    // Some network file systems return `EBADF` for a folder that is open for reading.
    guard fsync(descriptor) == 0 || AtomicFile.isUnsupportedSync(errno) || errno == EBADF else {
      throw .last(path: path)
    }
  }
}

/// The parts of a path, split at the byte `/`, because a slash and a combining mark after it form one `Character`.
package enum PathParts {
  /// All parts except empty ones. An absolute path has the same parts as a relative one.
  package static func all(of path: String) -> [String] { path.unicodeScalars.split(separator: "/").map { String($0) } }

  /// The part after the last slash.
  package static func name(of path: String) -> String { all(of: path).last ?? path }

  package static func isAbsolute(_ path: String) -> Bool { path.utf8.first == UInt8(ascii: "/") }

  /// The part before the last slash; `/` for a file in the root folder; nil for a path without a slash.
  package static func folder(of path: String) -> String? {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
