import Files
import Foundation
import Testing

@Suite("A symbolic link at a file's place")
struct AtomicFileLinkTests {
  /// Puts `new` at the link's place, and checks that the link is still one and leads to it.
  private func replace(_ link: String, in folder: ScratchFolder) throws {
    let destination = try FileManager.default.destinationOfSymbolicLink(atPath: folder.path(link))
    let file = try AtomicFile(path: folder.path(link))
    try file.write(Array("new".utf8))
    try file.commit()
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path(link)) == destination)
    #expect(try folder.text(of: link) == "new")
  }

  @Test("The link stays and its target is replaced, from an absolute path")
  func absolute() throws {
    try withScratchFolder { folder in
      try Folder.create(folder.path("elsewhere"))
      let target = try folder.write("old", to: "elsewhere/real.csv", mode: 0o600)
      try folder.link("report.csv", to: target)
      try replace("report.csv", in: folder)
      #expect(try folder.text(of: "elsewhere/real.csv") == "new")
      #expect(try folder.mode(of: "elsewhere/real.csv") == 0o600)
      #expect(try folder.names() == ["elsewhere", "report.csv"])
      #expect(try folder.names(in: "elsewhere") == ["real.csv"])
    }
  }

  @Test("A relative link leads from the folder it is in")
  func relative() throws {
    try withScratchFolder { folder in
      try Folder.create(folder.path("reports"))
      try folder.write("old", to: "real.csv")
      try folder.link("reports/report.csv", to: "../real.csv")
      try replace("reports/report.csv", in: folder)
      #expect(try folder.text(of: "real.csv") == "new")
    }
  }

  @Test("A link to a link is followed to the end")
  func chain() throws {
    try withScratchFolder { folder in
      try folder.write("old", to: "real.csv")
      try folder.link("middle.csv", to: "real.csv")
      try folder.link("report.csv", to: "middle.csv")
      try replace("report.csv", in: folder)
      #expect(try folder.text(of: "real.csv") == "new")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("middle.csv")) == "real.csv")
    }
  }

  @Test("A link whose target is not there yet gets it")
  func dangling() throws {
    try withScratchFolder { folder in
      try Folder.create(folder.path("elsewhere"))
      try folder.link("report.csv", to: "elsewhere/real.csv")
      try replace("report.csv", in: folder)
      #expect(try folder.names(in: "elsewhere") == ["real.csv"])
    }
  }

  @Test("A discarded file leaves a dangling link dangling")
  func danglingDiscarded() throws {
    try withScratchFolder { folder in
      try folder.link("report.csv", to: "real.csv")
      try AtomicFile(path: folder.path("report.csv")).discard()
      #expect(try folder.names() == ["report.csv"])
    }
  }

  @Test("A link to a folder is refused")
  func toFolder() throws {
    try withScratchFolder { folder in
      try Folder.create(folder.path("elsewhere"))
      try folder.link("report.csv", to: "elsewhere")
      let place = folder.path("report.csv")
      #expect(throws: FileError(path: place, code: EISDIR)) { try AtomicFile(path: place) }
    }
  }

  @Test("Links in a circle are refused")
  func circle() throws {
    try withScratchFolder { folder in
      try folder.link("a.csv", to: "b.csv")
      try folder.link("b.csv", to: "a.csv")
      let error = #expect(throws: FileError.self) { try AtomicFile(path: folder.path("a.csv")) }
      #expect(error?.code == ELOOP)
    }
  }
}
