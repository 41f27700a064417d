import Files
import Foundation
import Testing

@Suite("Files that are read")
struct InputFileTests {
  @Test("A file comes in pieces of at most 64 KB, and then nil")
  func pieces() throws {
    try withScratchFolder { folder in
      let path = try folder.write(String(repeating: "x", count: 150_000), to: "list.csv")
      let file = try InputFile(path: path)
      var sizes: [Int] = []
      while let piece = try file.read() { sizes.append(piece.count) }
      #expect(sizes == [65_536, 65_536, 18_928])
      #expect(try file.read() == nil)
      #expect(try InputFile.contents(of: path).count == 150_000)
    }
  }

  @Test("An empty file has no piece")
  func empty() throws {
    try withScratchFolder { folder in
      let path = try folder.write("", to: "list.csv")
      #expect(try InputFile(path: path).read() == nil)
      #expect(try InputFile.contents(of: path) == [])
    }
  }

  @Test("A missing file is told by path, code and words")
  func missing() throws {
    try withScratchFolder { folder in
      let path = folder.path("missing.csv")
      let error = #expect(throws: FileError.self) { try InputFile(path: path) }
      #expect(error == FileError(path: path, code: ENOENT))
      #expect(error?.description == "\(path): no such file or directory")
    }
  }

  @Test("A folder is refused when it is opened")
  func directory() throws {
    try withScratchFolder { folder in
      let error = #expect(throws: FileError.self) { try InputFile(path: folder.path) }
      #expect(error == FileError(path: folder.path, code: EISDIR))
      #expect(error?.reason == "is a directory")
    }
  }

  #if os(Linux)
    @Test("A read that the system refuses is told, not taken for the end")
    func readError() throws {
      let file = try InputFile(path: "/proc/self/mem")
      #expect(throws: FileError(path: "/proc/self/mem", code: EIO)) { try file.read() }
    }
  #endif

  @Test("A FIFO is read to where its writer ends")
  func fifo() throws {
    try withScratchFolder { folder in
      let path = folder.path("fifo")
      try #require(mkfifo(path, 0o600) == 0)
      Thread.detachNewThread {
        guard let writer = FileHandle(forWritingAtPath: path) else { return }
        for piece in ["one\n", "two\n", "three\n"] { try? writer.write(contentsOf: Data(piece.utf8)) }
        try? writer.close()
      }
      #expect(String(decoding: try InputFile.contents(of: path), as: UTF8.self) == "one\ntwo\nthree\n")
    }
  }
}
