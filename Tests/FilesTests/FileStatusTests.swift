import Files
import Foundation
import Testing

@Suite("What is at a path")
struct FileStatusTests {
  @Test("Nothing is told of a missing file and of a dangling link")
  func missing() throws {
    try withScratchFolder { folder in
      try folder.link("link", to: "missing")
      #expect(FileStatus(path: folder.path("missing")) == nil)
      #expect(FileStatus(path: folder.path("link")) == nil)
    }
  }

  @Test("Files, folders and FIFOs are told apart")
  func kinds() throws {
    try withScratchFolder { folder in
      let file = try #require(FileStatus(path: try folder.write("", to: "file")))
      #expect(file.isRegularFile && !file.isDirectory)
      let directory = try #require(FileStatus(path: folder.path))
      #expect(directory.isDirectory && !directory.isRegularFile)
      try #require(mkfifo(folder.path("fifo"), 0o600) == 0)
      let fifo = try #require(FileStatus(path: folder.path("fifo")))
      #expect(!fifo.isDirectory && !fifo.isRegularFile)
    }
  }

  @Test("Two paths have one identity exactly when they lead to the same file")
  func identity() throws {
    try withScratchFolder { folder in
      let path = try folder.write("same", to: "file")
      try folder.link("link", to: "file")
      try FileManager.default.linkItem(atPath: path, toPath: folder.path("hard"))
      try folder.write("same", to: "other")
      let identities = ["file", "./file", "link", "hard"].map { FileStatus(path: folder.path($0))?.identity }
      #expect(Set(identities).count == 1)
      #expect(identities.first != FileStatus(path: folder.path("other"))?.identity)
    }
  }

  @Test(
    "Whether others may read a file is seen in its mode",
    arguments: [(0o600, false), (0o400, false), (0o700, false), (0o640, true), (0o604, true), (0o644, true)])
  func readableByOthers(mode: Int, isReadable: Bool) throws {
    try withScratchFolder { folder in
      let status = FileStatus(path: try folder.write("", to: "key", mode: mode))
      #expect(status?.isReadableByOthers == isReadable)
    }
  }
}
