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

  @Test(
    "A look tells beforehand what making them will say, and makes nothing",
    arguments: [
      "new", "new/inner/deep", "old", "old/new", "./old/../new", "old//new/", "file", "file/inner", "link",
      "new/../file",
      "new/x/../../old", "\(String(repeating: "n", count: 300))/x",
    ])
  func look(path: String) throws {
    try withScratchFolder { folder in
      try folder.write("", to: "file")
      try Folder.create(folder.path("old"))
      try folder.link("link", to: "nowhere")
      func everything() throws -> [String] { try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() }
      func error(_ operation: (String) throws -> Void) -> FileError? {
        do {
          try operation(folder.path(path))
          return nil
        } catch {
          return error as? FileError
        }
      }
      let before = try everything()
      let told = error(Folder.checkCreation)
      #expect(try everything() == before)
      #expect(told == error { _ = try Folder.create($0) })
      if told != nil { #expect(try everything() == before) }
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
