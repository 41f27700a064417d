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
