import Files

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard output for many rows, collected into large writes.
struct DataOutput {
  /// Whoever read has gone away, as `head` does when it has what it wants: no reason to go on, and none to complain.
  struct ReaderGone: Error {}

  private static let chunk = 64 * 1024
  /// How long a process that was told to stop waits for a reader that does not read.
  private static let longestWait = Duration.seconds(5)

  private var bytes: [UInt8] = []
  private var hasBegun = false

  /// Columns of the terminal that reads; nil when none does.
  let terminalWidth: Int? = {
    var size = winsize()
    guard isatty(STDOUT_FILENO) == 1 else { return nil }
    return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }()

  /// - Throws: ``ReaderGone``, `FileError`, and ``JobFailure`` where the process was told to stop and nobody reads.
  mutating func write(_ text: some Sequence<UInt8>) throws {
    bytes.append(contentsOf: text)
    if bytes.count >= Self.chunk { try flush() }
  }

  /// - Throws: as ``write(_:)``.
  mutating func flush() throws {
    guard !bytes.isEmpty else { return }
    if !hasBegun {
      hasBegun = true
      // Where both lead to one terminal, what was told before stands before.
      BackgroundWriter.standardError.flush(idle: .milliseconds(100), total: .milliseconds(100))
    }
    do {
      let isWritten = try OutputDescriptor.standardOutput.write(bytes) { idle in
        guard let time = Interruption.ofProcess.timeSinceSignal else { return true }
        return min(idle, time) < Self.longestWait
      }
      guard isWritten else {
        throw JobFailure(
          .unwritableOutput,
          "standard output: it was not read for \(Self.longestWait.inWords) after the signal, so rows are missing there"
        )
      }
    } catch let error as FileError where error.code == EPIPE {
      throw ReaderGone()
    }
    bytes.removeAll(keepingCapacity: true)
  }
}
