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

  /// Prints a line at once, also into a pipe.
  static func line(_ text: String) {
    print(text)
    fflush(nil)
  }
}
