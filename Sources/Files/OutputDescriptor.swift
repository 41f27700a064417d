#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard output or standard error, written to as fast as whoever reads it reads.
///
/// Other processes share the descriptor, and one of them may have made it non-blocking. Where it does not lead to a file,
/// bytes are written only when the system reports room, and never more at a time than then fit without blocking
/// (`PIPE_BUF`, POSIX `write`), so that a reader that does not read blocks no thread for good.
package struct OutputDescriptor: Sendable {
  package static let standardOutput = OutputDescriptor(STDOUT_FILENO, name: "standard output")
  package static let standardError = OutputDescriptor(STDERR_FILENO, name: "standard error")

  /// How long to wait for room before asking whether to go on, in milliseconds.
  private static let pause: Int32 = 100

  private let number: Int32
  private let name: String
  private let isFile: Bool

  /// - Parameters:
  ///   - number: stays open.
  ///   - name: for errors.
  package init(_ number: Int32, name: String) {
    self.number = number
    self.name = name
    isFile = FileStatus(descriptor: number)?.isRegularFile == true
  }

  /// Writes bytes, and waits for room where there is none.
  ///
  /// - Parameters:
  ///   - taken: gets the number of bytes whenever some were written.
  ///   - goesOn: asked several times a second while there is no room, with the time since bytes were last taken; false
  ///     gives up.
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
        // Another process has taken the room.
        guard goesOn(ContinuousClock.now - lastTaken) else { return false }
        _ = poll(nil, 0, 1)
      } else if code != EINTR {
        throw FileError(path: name, code: code)
      }
    }
    return true
  }

  /// Whether bytes can be written, or writing them would fail, now or within the pause.
  private var hasRoom: Bool {
    guard !isFile else { return true }
    var wanted = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
    return poll(&wanted, 1, Self.pause) > 0
  }
}

/// `write(2)`, whose name the method of the same name hides.
private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}
