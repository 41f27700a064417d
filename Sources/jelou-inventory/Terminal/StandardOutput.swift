import Files
import InventoryJobs
import Synchronization
import TextFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard output of this process.
final class StandardOutput: JobOutput {
  static let ofProcess = StandardOutput()

  /// How long the process waits for a stalled reader after a signal.
  private static let longestWait = Duration.seconds(5)

  private let hasBegun = Atomic(false)

  private init() {}

  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Prints lines and flushes them, even into a pipe. A closed pipe is not an error.
  ///
  /// - Throws: `FileError` and ``JobFailure``.
  static func print(_ lines: [String]) throws {
    do {
      var output = DataOutput(ofProcess)
      for line in lines { try output.write((line + "\n").utf8) }
      try output.flush()
    } catch is ReaderGone {
    }
  }

  var terminalWidth: Int? {
    var size = winsize()
    guard Self.isTerminal else { return nil }
    return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  func write(_ bytes: [UInt8]) throws {
    // Flush standard error first: if both are the same terminal, earlier messages appear before the data.
    if !hasBegun.exchange(true, ordering: .relaxed) {
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
          "standard output: the reader stalled for \(Self.longestWait.inWords) after the signal, so rows are missing"
        )
      }
    } catch let error as FileError where error.code == EPIPE {
      throw ReaderGone()
    }
  }
}
