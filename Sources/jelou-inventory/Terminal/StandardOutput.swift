#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard output, where a command prints data.
enum StandardOutput {
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Prints lines at once, also into a pipe. A reader that is gone is no error.
  ///
  /// - Throws: `FileError` and ``JobFailure``.
  static func print(_ lines: [String]) throws {
    do {
      var output = DataOutput()
      for line in lines { try output.write((line + "\n").utf8) }
      try output.flush()
    } catch is DataOutput.ReaderGone {
    }
  }
}
