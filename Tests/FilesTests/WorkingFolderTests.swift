import Files
import Foundation
import Testing

@Suite("A folder for what is needed while a file is made")
struct WorkingFolderTests {
  @Test("Is beside the file, closed to others, and gone with what is in it when it is let go")
  func lifetime() throws {
    try withScratchFolder { folder in
      do {
        let working = try WorkingFolder(beside: folder.path("report.xlsx"))
        #expect(try folder.names() == [".report.xlsx.parts"])
        #expect(try folder.mode(of: ".report.xlsx.parts") == 0o700)
        try Data().write(to: URL(filePath: working.path + "/rows"))
      }
      #expect(try folder.names().isEmpty)
    }
  }

  @Test("What a killed process has left is removed, by itself and by the next", arguments: [true, false])
  func leftover(byItself: Bool) throws {
    try withScratchFolder { folder in
      try FileManager.default.createDirectory(
        atPath: folder.path(".report.xlsx.parts"), withIntermediateDirectories: false)
      try folder.write("half", to: ".report.xlsx.parts/rows")
      let place = folder.path("report.xlsx")
      if byItself { WorkingFolder.removeLeftover(beside: place) } else { try WorkingFolder.probe(beside: place) }
      #expect(try folder.names().isEmpty)
    }
  }

  @Test("A link in its place is not followed, and something else there is an error that names the file")
  func plantedLink() throws {
    try withScratchFolder { folder in
      try FileManager.default.createDirectory(atPath: folder.path("other"), withIntermediateDirectories: false)
      try folder.write("precious", to: "other/file")
      try folder.link(".report.xlsx.parts", to: "other")
      let place = folder.path("report.xlsx")
      #expect(throws: FileError(path: place, code: EEXIST)) { try WorkingFolder.probe(beside: place) }
      #expect(try folder.text(of: "other/file") == "precious")
    }
  }

  @Test("A file made there becomes the content of the file it was made for, with the old one's permissions")
  func adopted() throws {
    try withScratchFolder { folder in
      let place = try folder.write("old", to: "report.xlsx", mode: 0o640)
      let working = try WorkingFolder(beside: place)
      let file = try AtomicFile(path: place)
      try Data("new and whole".utf8).write(to: URL(filePath: working.path + "/made"))
      try file.adopt(working.path + "/made")
      #expect(file.byteCount == 13)
      try file.finish()
      #expect(try folder.text(of: "report.xlsx") == "old")
      try file.putInPlace()
      #expect(try folder.text(of: "report.xlsx") == "new and whole")
      #expect(try folder.mode(of: "report.xlsx") == 0o640)
      #expect(throws: FileError.self) { try AtomicFile(path: place).adopt(working.path + "/missing") }
      #expect(try folder.names() == [".report.xlsx.parts", "report.xlsx"])
    }
  }
}
