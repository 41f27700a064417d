import Files
import Foundation
import Testing

@Suite("A path")
struct PathPartsTests {
  @Test(
    "is divided at its slashes, also where a combining mark follows one",
    arguments: [
      ("a/b", ["a", "b"], "a"), ("/a", ["a"], "/"), ("a", ["a"], nil), ("a/\u{301}b", ["a", "\u{301}b"], "a"),
      ("/\u{301}", ["\u{301}"], "/"), ("//a//b/", ["a", "b"], "//a//b"),
    ] as [(String, [String], String?)])
  func parts(path: String, all: [String], folder: String?) {
    #expect(PathParts.all(of: path) == all)
    #expect(PathParts.name(of: path) == all.last)
    #expect(PathParts.folder(of: path) == folder)
    #expect(PathParts.isAbsolute(path) == (path.utf8.first == UInt8(ascii: "/")))
  }

  @Test("whose folder begins with a combining mark can be made")
  func folder() throws {
    try withScratchFolder { folder in
      let path = folder.path("a/\u{301}b/c")
      try Folder.create(path)
      #expect(FileStatus(path: path)?.isDirectory == true)
    }
  }

  @Test("that leads through a link to a name that is not UTF-8 is refused: repaired, it would be another file")
  func link() throws {
    try withScratchFolder { folder in
      let path = folder.path("inventory.csv")
      let target: [CChar] = [0x61, -15, 0x6F, 0]
      #expect(symlink(target, path) == 0)
      #expect(throws: FileError(path: path, code: EILSEQ)) { try AtomicFile(path: path) }
    }
  }
}
