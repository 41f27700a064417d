#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file, a FIFO or standard input, read once from start to end.
///
/// The file is closed when the last reference to it is released.
package final class InputFile: Sendable {
  private static let pieceSize = 65_536

  /// The path as given; `-` for standard input.
  package let path: String
  private let descriptor: Int32

  /// - Parameter path: `-` for standard input.
  package init(path: String) throws(FileError) {
    self.path = path
    guard path != "-" else {
      descriptor = STDIN_FILENO
      return
    }
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last(path: path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .last(path: path) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw FileError(path: path, code: EISDIR) }
  }

  deinit {
    if descriptor > STDERR_FILENO { _ = close(descriptor) }
  }

  /// Reads the next bytes, at most 64 KB; nil at the end.
  package func read() throws(FileError) -> [UInt8]? {
    while true {
      var count = 0
      let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, initialized in
        count = systemRead(descriptor, buffer.baseAddress, Self.pieceSize)
        initialized = max(0, count)
      }
      if count > 0 { return piece }
      if count == 0 { return nil }
      if errno != EINTR { throw .last(path: path) }
    }
  }

  /// Reads a small file as a whole.
  ///
  /// - Parameter limit: the maximum size in bytes; a larger file causes `EFBIG`.
  package static func contents(of path: String, limit: Int = 16 * 1_048_576) throws(FileError) -> [UInt8] {
    let file = try InputFile(path: path)
    var bytes: [UInt8] = []
    while let piece = try file.read() {
      bytes += piece
      guard bytes.count <= limit else { throw FileError(path: path, code: EFBIG) }
    }
    return bytes
  }
}

/// Calls `read(2)`, which the method of the same name hides.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}
