#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The file of a database.
package enum DatabaseFile {
  /// Makes an empty one where there is nothing yet, with the rights that the umask leaves, as the reports have them. SQLite
  /// would take the group's right to write away, and gives its other files those of this one.
  ///
  /// An error is left to SQLite, which meets it again.
  package static func create(_ path: String) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if descriptor >= 0 { _ = close(descriptor) }
  }
}
