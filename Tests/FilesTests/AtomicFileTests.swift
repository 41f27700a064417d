import Files
import Foundation
import Testing

@Suite("A file that is put in place when it is whole")
struct AtomicFileTests {
  @Test("The old file stays until the new one is whole, and then the new one is there")
  func replaced() throws {
    try withScratchFolder { folder in
      let place = try folder.write("old", to: "report.csv")
      let file = try AtomicFile(path: place)
      let line = Array("0123456789abcdef".utf8)
      for _ in 0..<40_000 { try file.write(line) }
      #expect(try folder.text(of: "report.csv") == "old")
      try file.commit()
      #expect(try folder.text(of: "report.csv") == String(repeating: "0123456789abcdef", count: 40_000))
      #expect(file.byteCount == 640_000)
      #expect(try folder.names() == ["report.csv"])
    }
  }

  @Test("A link where the unfinished file goes is taken away, and its target left alone")
  func plantedLink() throws {
    try withScratchFolder { folder in
      let victim = try folder.write("precious", to: "victim")
      let place = folder.path("report.csv")
      try FileManager.default.createSymbolicLink(
        atPath: AtomicFile.partialPath(of: place), withDestinationPath: victim)
      let file = try AtomicFile(path: place)
      try file.write(Array("new".utf8))
      try file.commit()
      #expect(try folder.text(of: "victim") == "precious")
      #expect(try folder.text(of: "report.csv") == "new")
    }
  }

  @Test("Nothing is at a new place until the file is whole")
  func created() throws {
    try withScratchFolder { folder in
      let file = try AtomicFile(path: folder.path("report.csv"))
      try file.write(Array("new".utf8))
      #expect(FileStatus(path: folder.path("report.csv")) == nil)
      try file.commit()
      #expect(try folder.text(of: "report.csv") == "new")
      #expect(try folder.names() == ["report.csv"])
    }
  }

  @Test("Who reads the old file reads it to its end")
  func openReader() throws {
    try withScratchFolder { folder in
      let place = try folder.write("old", to: "report.csv")
      let reader = try InputFile(path: place)
      let file = try AtomicFile(path: place)
      try file.write(Array("new".utf8))
      try file.commit()
      #expect(try reader.read() == Array("old".utf8))
      #expect(try InputFile.contents(of: place) == Array("new".utf8))
    }
  }

  @Test("A discarded file leaves the old one and nothing else")
  func discarded() throws {
    try withScratchFolder { folder in
      let file = try AtomicFile(path: try folder.write("old", to: "report.csv"))
      try file.write(Array("new".utf8))
      file.discard()
      #expect(try folder.text(of: "report.csv") == "old")
      #expect(try folder.names() == ["report.csv"])
      #expect(throws: FileError.self) { try file.commit() }
      #expect(try folder.text(of: "report.csv") == "old")
    }
  }

  @Test("A file that is let go of without a commit leaves nothing")
  func dropped() throws {
    try withScratchFolder { folder in
      func begin() throws {
        let file = try AtomicFile(path: folder.path("report.csv"))
        try file.write(Array("new".utf8))
      }
      try begin()
      #expect(try folder.names() == [])
    }
  }

  @Test("What a killed process left beside the place is overwritten")
  func leftover() throws {
    try withScratchFolder { folder in
      let place = folder.path("report.csv")
      #expect(AtomicFile.partialPath(of: place) == folder.path(".report.csv.partial"))
      try folder.write("much more than the new file has", to: ".report.csv.partial")
      let file = try AtomicFile(path: place)
      try file.write(Array("new".utf8))
      try file.commit()
      #expect(try folder.text(of: "report.csv") == "new")
      #expect(try folder.names() == ["report.csv"])
    }
  }

  @Test("The old file's mode is kept", arguments: [0o600, 0o640, 0o664, 0o755])
  func mode(mode: Int) throws {
    try withScratchFolder { folder in
      let file = try AtomicFile(path: try folder.write("old", to: "report.csv", mode: mode))
      try file.write(Array("new".utf8))
      try file.commit()
      #expect(try folder.mode(of: "report.csv") == mode)
    }
  }

  @Test("A folder at the place is refused before anything is written")
  func folderAtPlace() throws {
    try withScratchFolder { folder in
      let place = folder.path("report.csv")
      try Folder.create(place)
      #expect(throws: FileError(path: place, code: EISDIR)) { try AtomicFile(path: place) }
      #expect(throws: FileError(path: place, code: EISDIR)) { try AtomicFile.probe(path: place) }
      #expect(try folder.names() == ["report.csv"])
    }
  }

  @Test("A FIFO at the place is refused and stays")
  func fifoAtPlace() throws {
    try withScratchFolder { folder in
      let place = folder.path("report.csv")
      try #require(mkfifo(place, 0o600) == 0)
      #expect(throws: FileError(path: place, code: EEXIST)) { try AtomicFile(path: place) }
      #expect(try folder.names() == ["report.csv"])
    }
  }

  @Test("A missing folder is told by the place's own path")
  func missingFolder() throws {
    try withScratchFolder { folder in
      let place = folder.path("missing/report.csv")
      #expect(throws: FileError(path: place, code: ENOENT)) { try AtomicFile(path: place) }
    }
  }

  @Test("A file that can't be put in its place leaves nothing beside it")
  func refusedRename() throws {
    try withScratchFolder { folder in
      let place = folder.path("report.csv")
      let file = try AtomicFile(path: place)
      try file.write(Array("new".utf8))
      try Folder.create(place)
      #expect(throws: FileError(path: place, code: EISDIR)) { try file.commit() }
      #expect(try folder.names() == ["report.csv"])
    }
  }

  @Test("A probe changes nothing")
  func probe() throws {
    try withScratchFolder { folder in
      try AtomicFile.probe(path: folder.path("new.csv"))
      try AtomicFile.probe(path: try folder.write("old", to: "old.csv"))
      #expect(try folder.names() == ["old.csv"])
      #expect(try folder.text(of: "old.csv") == "old")
    }
  }
}
