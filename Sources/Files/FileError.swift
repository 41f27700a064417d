#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file operation that the system refused.
package struct FileError: Error, Hashable, CustomStringConvertible {
  package var path: String
  /// The system's error number.
  package var code: Int32
  /// What is wrong and what to do, if the system's message for the code is not sufficient.
  package var explanation: String?

  package init(path: String, code: Int32, explanation: String? = nil) {
    self.path = path
    self.code = code
    self.explanation = explanation
  }

  /// The error of this thread's last system call.
  static func last(path: String) -> FileError { FileError(path: path, code: errno) }

  /// The same error, reported about another path.
  func about(_ path: String) -> FileError { FileError(path: path, code: code, explanation: explanation) }

  /// The explanation, or else the system's message for the code, in lowercase: `no such file or directory`.
  package var reason: String { explanation ?? Self.reason(code) }

  /// - Parameter code: an error number of the system (`errno`).
  package static func reason(_ code: Int32) -> String {
    let words = String(cString: strerror(code))
    return words.prefix(1).lowercased() + words.dropFirst()
  }

  /// Whether the file is larger than the limit for reading it.
  package var isTooLarge: Bool { code == EFBIG }

  /// The shell command for the process or system limit that an output file has reached; nil for other errors.
  package var limit: String? {
    switch code {
    case EFBIG: "ulimit -f"
    case EMFILE, ENFILE: "ulimit -n"
    default: nil
    }
  }

  /// Whether nothing exists at the path.
  package var isMissing: Bool { code == ENOENT }

  /// Whether the path leads to a folder where a file was expected.
  package var isAboutFolder: Bool { code == EISDIR }

  package var description: String { "\(path): \(reason)" }
}
