#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard output or standard error, written only as fast as the reader consumes it.
///
/// Other processes share the descriptor, and one of them may have made it non-blocking. Unless the descriptor leads to
/// a file, bytes are written only when the system reports free space, and only as many at a time as then fit without
/// blocking (`PIPE_BUF`, POSIX `write`). A reader that stops reading therefore never blocks a thread forever.
package struct OutputDescriptor: Sendable {
  package static let standardOutput = OutputDescriptor(STDOUT_FILENO, name: "standard output")
  package static let standardError = OutputDescriptor(STDERR_FILENO, name: "standard error")

  /// The time to wait for free space before `goesOn` is called, in milliseconds.
  private static let pause: Int32 = 100

  private let number: Int32
  private let name: String
  private let isFile: Bool

  /// - Parameters:
  ///   - number: the descriptor, which stays open.
  ///   - name: the name in error messages.
  package init(_ number: Int32, name: String) {
    self.number = number
    self.name = name
    isFile = FileStatus(descriptor: number)?.isRegularFile == true
  }

  /// Writes bytes, and waits while there is no free space.
  ///
  /// - Parameters:
  ///   - taken: called with the number of bytes after each successful write.
  ///   - goesOn: called several times a second while there is no free space, with the time since the last successful
  ///     write; false stops writing.
  /// - Returns: whether all bytes were written.
  package func write(
    _ bytes: [UInt8], taken: (Int) -> Void = { _ in }, goesOn: (_ idle: Duration) -> Bool
  ) throws(FileError) -> Bool {
    var rest = bytes[...]
    var lastTaken = ContinuousClock.now
    while !rest.isEmpty {
      guard hasRoom else {
        guard goesOn(ContinuousClock.now - lastTaken) else { return false }
        continue
      }
      let piece = isFile ? rest : rest.prefix(Int(PIPE_BUF))
      let count = piece.withUnsafeBytes { systemWrite(number, $0.baseAddress, $0.count) }
      let code = errno
      if count >= 0 {
        rest = rest.dropFirst(count)
        lastTaken = .now
        taken(count)
      } else if code == EAGAIN {
        // Another process has filled the space in the meantime.
        guard goesOn(ContinuousClock.now - lastTaken) else { return false }
        _ = poll(nil, 0, 1)
      } else if code != EINTR {
        throw FileError(path: name, code: code)
      }
    }
    return true
  }

  /// Whether a write can proceed or would fail immediately, now or within the pause.
  private var hasRoom: Bool {
    guard !isFile else { return true }
    var wanted = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
    return poll(&wanted, 1, Self.pause) > 0
  }
}

/// Calls `write(2)`, which the method of the same name hides.
private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}
