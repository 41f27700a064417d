import Foundation
import Glibc
import Synchronization
import Testing

/// A pipe that is full, and that nobody reads until ``read(bytesPerRound:)`` is called; its reader is there until
/// ``close()``.
final class StalledPipe: Sendable {
  private let reading: FileHandle
  /// For the program.
  let writing: FileHandle
  private let filler: Int

  /// - Parameter isNonBlocking: whether writing fails with `EAGAIN` where there is no room.
  init(isNonBlocking: Bool = false) throws {
    let pipe = Pipe()
    (reading, writing) = (pipe.fileHandleForReading, pipe.fileHandleForWriting)
    let descriptor = writing.fileDescriptor
    let flags = fcntl(descriptor, F_GETFL)
    try #require(fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0)
    var count = 0
    while true {
      let written = write(descriptor, [UInt8](repeating: UInt8(ascii: "."), count: 4096), 4096)
      if written < 0 { break }
      count += written
    }
    filler = count
    if !isNonBlocking { try #require(fcntl(descriptor, F_SETFL, flags) == 0) }
  }

  func close() {
    try? writing.close()
    try? reading.close()
  }

  /// Reads to the end, which is there when the program has ended, and returns what the program has written.
  ///
  /// - Parameter bytesPerRound: read at a time, a few hundred times a second.
  func read(bytesPerRound: Int = 65_536) async throws -> String {
    try writing.close()
    return await withCheckedContinuation { continuation in
      Thread.detachNewThread { [reading, filler] in
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: bytesPerRound)
        while true {
          let count = Glibc.read(reading.fileDescriptor, &piece, bytesPerRound)
          guard count > 0 else { break }
          bytes += piece[..<count]
          usleep(2000)
        }
        continuation.resume(returning: String(decoding: bytes.dropFirst(filler), as: UTF8.self))
      }
    }
  }
}
