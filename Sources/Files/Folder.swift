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

  /// Finds out whether ``create(_:)`` would succeed, and makes nothing.
  ///
  /// - Throws: what it would throw.
  package static func checkCreation(of path: String) throws(FileError) {
    var parent = PathParts.isAbsolute(path) ? "/" : "."
    for prefix in prefixes(of: path) {
      if access(prefix, F_OK) == 0 {
        parent = prefix
        continue
      }
      var status = stat()
      // A link that leads nowhere can't be made a folder.
      guard errno == ENOENT, lstat(prefix, &status) != 0 else { throw .last(path: prefix) }
      guard access(parent, W_OK | X_OK) == 0 else { throw .last(path: prefix) }
      // The rest is missing, too, unless it leads out of here again.
      guard let place = place(of: path), let status = FileStatus(path: place), !status.isDirectory else { return }
      throw FileError(path: path, code: ENOTDIR)
    }
    guard FileStatus(path: path)?.isDirectory == true else { throw FileError(path: path, code: ENOTDIR) }
  }

  /// Finds out whether files could be put into a folder, be it that it is made first; makes nothing.
  package static func checkWriting(into path: String) throws(FileError) {
    try checkCreation(of: path)
    guard access(path, W_OK | X_OK) == 0 || errno == ENOENT else { throw .last(path: path) }
    try checkEntriesChangeable(in: path)
  }

  /// Makes sure that files in a folder can be renamed and removed again, as far as its marks are concerned.
  static func checkEntriesChangeable(in path: String) throws(FileError) {
    let traits = FileTraits(path: place(of: path) ?? path)
    guard traits.isAppendOnly || traits.isImmutable else { return }
    throw FileError(
      path: path, code: EPERM, explanation: "its folder is marked immutable or append-only; see lsattr and chattr")
  }

  /// In bytes.
  static func longestName(in path: String) -> Int {
    let longest = pathconf(path, Int32(_PC_NAME_MAX))
    return longest > 0 ? longest : Int(NAME_MAX)
  }

  /// The path's folders, outermost first, as they are named in it.
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

  /// An absolute path without links, whether or not the folder is there yet; nil where there can be none.
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

  /// Removes folders as far as they are empty, innermost first.
  package static func removeIfEmpty(_ created: [String]) {
    for path in created.reversed() { _ = rmdir(path) }
  }

  /// Removes a file if it is there.
  package static func removeFile(_ path: String) { _ = unlink(path) }

  /// Makes the names in a folder durable, where that is possible: who may not read a folder can't, and some file systems
  /// know no syncing of folders. Their renames are as durable as they get.
  static func sync(_ path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == EACCES { return }
      throw .last(path: path)
    }
    defer { _ = close(descriptor) }
    // Some network file systems call a folder that is open for reading a bad descriptor.
    guard fsync(descriptor) == 0 || AtomicFile.isUnsupportedSync(errno) || errno == EBADF else {
      throw .last(path: path)
    }
  }
}

/// The parts of a path, divided at the byte `/`: a slash and a combining mark after it are one `Character`.
package enum PathParts {
  /// Without empty parts; an absolute path has the same parts as a relative one.
  package static func all(of path: String) -> [String] { path.unicodeScalars.split(separator: "/").map { String($0) } }

  /// The part after the last slash.
  package static func name(of path: String) -> String { all(of: path).last ?? path }

  package static func isAbsolute(_ path: String) -> Bool { path.utf8.first == UInt8(ascii: "/") }

  /// What stands before the last slash, `/` for a file in the root; nil for a path without a slash.
  package static func folder(of path: String) -> String? {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
