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

  private var bytes: [UInt8] = []

  /// Columns of the terminal that reads; nil when none does.
  let terminalWidth: Int? = {
    var size = winsize()
    guard isatty(STDOUT_FILENO) == 1 else { return nil }
    return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }()

  /// - Throws: ``ReaderGone`` or `FileError`.
  mutating func write(_ text: some Sequence<UInt8>) throws {
    bytes.append(contentsOf: text)
    if bytes.count >= Self.chunk { try flush() }
  }

  mutating func flush() throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count < 0 {
        let code = errno
        if code == EINTR { continue }
        if code == EPIPE { throw ReaderGone() }
        if code == EAGAIN {
          // Whoever made it non-blocking shares it with us.
          var wanted = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
          _ = poll(&wanted, 1, -1)
          continue
        }
        throw FileError(path: "standard output", code: code)
      }
      rest = rest.dropFirst(count)
    }
    bytes.removeAll(keepingCapacity: true)
  }
}

/// `write(2)`, whose name the method of the same name hides.
private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}
