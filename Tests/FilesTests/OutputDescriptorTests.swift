import Files
import Foundation
import Glibc
import Testing

@Suite("Writing to a shared descriptor")
struct OutputDescriptorTests {
  private let reading: FileHandle
  private let writing: FileHandle
  private let output: OutputDescriptor

  init() {
    let pipe = Pipe()
    (reading, writing) = (pipe.fileHandleForReading, pipe.fileHandleForWriting)
    output = OutputDescriptor(writing.fileDescriptor, name: "the pipe")
  }

  private func setNonBlocking() {
    let flags = fcntl(writing.fileDescriptor, F_GETFL)
    #expect(fcntl(writing.fileDescriptor, F_SETFL, flags | O_NONBLOCK) == 0)
  }

  @Test("loses nothing to a reader that is slow, whether the descriptor blocks or not", arguments: [false, true])
  func slowReader(isNonBlocking: Bool) async throws {
    if isNonBlocking { setNonBlocking() }
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let (read, isWritten, taken) = try await withThrowingTaskGroup(of: Data.self) { group in
      group.addTask { [reading] in
        var read = Data()
        while read.count < bytes.count, let piece = try reading.read(upToCount: 10_000), !piece.isEmpty {
          read += piece
          try await Task.sleep(for: .milliseconds(2))
        }
        return read
      }
      // Not on a thread of the tasks, which the reader needs.
      let (isWritten, taken) = try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async { [output] in
          continuation.resume(
            with: Result {
              var taken = 0
              let isWritten = try output.write(bytes) {
                taken += $0
              } goesOn: { _ in
                true
              }
              return (isWritten, taken)
            })
        }
      }
      return (try await group.next(), isWritten, taken)
    }
    #expect(isWritten && taken == bytes.count)
    #expect(read == Data(bytes))
  }

  @Test("gives up when told to, though nobody reads, whether the descriptor blocks or not", arguments: [false, true])
  func noReader(isNonBlocking: Bool) throws {
    if isNonBlocking { setNonBlocking() }
    var idleTimes: [Duration] = []
    let isWritten = try output.write([UInt8](repeating: 1, count: 300_000)) { idle in
      idleTimes.append(idle)
      return idle < .milliseconds(300)
    }
    #expect(!isWritten)
    #expect(idleTimes.count > 1 && idleTimes == idleTimes.sorted())
  }

  @Test("fails when the reader is gone")
  func readerGone() throws {
    StandardStreams.reserve()
    try reading.close()
    #expect(throws: FileError(path: "the pipe", code: EPIPE)) {
      _ = try output.write([1], goesOn: { _ in true })
    }
  }
}
