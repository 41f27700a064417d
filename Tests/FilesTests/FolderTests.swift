import Files
import Foundation
import Testing

@Suite("Folders made and removed")
struct FolderTests {
  @Test("The folders that were missing are made, outermost first, and told")
  func created() throws {
    try withScratchFolder { folder in
      try Folder.create(folder.path("a"))
      let made = try Folder.create(folder.path("a/b/c"))
      #expect(made == [folder.path("a/b"), folder.path("a/b/c")])
      #expect(FileStatus(path: folder.path("a/b/c"))?.isDirectory == true)
      #expect(try Folder.create(folder.path("a/b/c")) == [])
    }
  }

  @Test("Slashes too many do not matter")
  func slashes() throws {
    try withScratchFolder { folder in
      let made = try Folder.create(folder.path("a//b/"))
      #expect(made.count == 2)
      #expect(FileStatus(path: folder.path("a/b"))?.isDirectory == true)
    }
  }

  @Test("A link to a folder is one")
  func linked() throws {
    try withScratchFolder { folder in
      try Folder.create(folder.path("real"))
      try folder.link("link", to: "real")
      #expect(try Folder.create(folder.path("link/inner")) == [folder.path("link/inner")])
      #expect(try folder.names(in: "real") == ["inner"])
    }
  }

  @Test("A file in the way is told", arguments: [("file", "file"), ("file/inner", "file/inner")])
  func fileInTheWay(wanted: String, told: String) throws {
    try withScratchFolder { folder in
      try folder.write("", to: "file")
      #expect(throws: FileError(path: folder.path(told), code: ENOTDIR)) { try Folder.create(folder.path(wanted)) }
    }
  }

  @Test("A dangling link is no folder")
  func danglingLink() throws {
    try withScratchFolder { folder in
      try folder.link("link", to: "missing")
      #expect(throws: FileError(path: folder.path("link"), code: ENOENT)) { try Folder.create(folder.path("link")) }
    }
  }

  @Test("Where the last folder can't be made, the ones before it are not left behind")
  func allOrNone() throws {
    try withScratchFolder { folder in
      let name = String(repeating: "x", count: 300)
      let error = #expect(throws: FileError.self) { try Folder.create(folder.path("a/b/\(name)")) }
      #expect(error?.code == ENAMETOOLONG)
      let left = try folder.names()
      #expect(left == [])
    }
  }

  @Test("What was made is removed again, as far as it is empty")
  func removed() throws {
    try withScratchFolder { folder in
      let empty = try Folder.create(folder.path("a/b/c"))
      Folder.removeIfEmpty(empty)
      #expect(try folder.names() == [])

      let used = try Folder.create(folder.path("a/b/c"))
      try folder.write("kept", to: "a/file")
      Folder.removeIfEmpty(used)
      #expect(try folder.names(in: "a") == ["file"])
    }
  }

  @Test("Removing a file that is not there is no error")
  func removeFile() throws {
    try withScratchFolder { folder in
      let path = try folder.write("", to: "file")
      Folder.removeFile(path)
      Folder.removeFile(path)
      #expect(try folder.names() == [])
    }
  }
}
