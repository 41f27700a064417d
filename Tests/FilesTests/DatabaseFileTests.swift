import Files
import Foundation
import Testing

@Suite("A database's file")
struct DatabaseFileTests {
  @Test(
    "is opened by an absolute path without links, which SQLite takes for nothing else",
    arguments: ["file:x.db", ":memory:", "a.db", "link.db", "./folder/../a.db", "linked/a.db", "nowhere.db"])
  func absolute(name: String) throws {
    try withScratchFolder { folder in
      try folder.write("", to: "a.db")
      try folder.link("link.db", to: "a.db")
      try folder.link("nowhere.db", to: "not-yet.db")
      try folder.link("linked", to: ".")
      try FileManager.default.createDirectory(atPath: folder.path("folder"), withIntermediateDirectories: true)
      let file = DatabaseFile(folder.path(name))
      let own = ["file:x.db": name, ":memory:": name, "nowhere.db": "not-yet.db"][name] ?? "a.db"
      let place = try #require(realpath(folder.path, nil).map { String(cString: $0) }) + "/" + own
      #expect(file.path == place)
      #expect(file.files == ["", "-wal", "-shm", "-journal", "-answers", "-answers-journal"].map { place + $0 })
      #expect(file.given == folder.path(name))
    }
  }

  @Test("of several names goes by the one by which it was opened last, while there is something in that one's log")
  func note() throws {
    try withScratchFolder { folder in
      let first = try folder.write("content", to: "a.db")
      try FileManager.default.linkItem(atPath: first, toPath: folder.path("b.db"))
      try DatabaseFile(first).noteName()
      func name() -> String { PathParts.name(of: DatabaseFile(folder.path("b.db")).path) }
      #expect(name() == "b.db")
      try folder.write("", to: "a.db-wal")
      #expect(name() == "b.db")
      try folder.write("answers", to: "a.db-wal")
      #expect(name() == "a.db")
      // The note is of a file, and not of whatever has its name later on.
      try FileManager.default.removeItem(atPath: first)
      #expect(name() == "b.db")
      try folder.write("another", to: "a.db")
      #expect(name() == "b.db")
    }
  }
}

@Suite("The lock of a database")
struct DatabaseLockTests {
  @Test("is one for all its names, and tells who asks without taking it")
  func names() throws {
    try withScratchFolder { folder in
      let first = DatabaseFile(folder.path("a.db"))
      let lock = try DatabaseLock(first, holder: "process 7")
      #expect(lock.madeDatabase)
      try FileManager.default.linkItem(atPath: first.path, toPath: folder.path("b.db"))
      try folder.link("c.db", to: "a.db")
      for name in ["a.db", "b.db", "c.db"] {
        let file = DatabaseFile(folder.path(name))
        #expect(throws: LockHeld.self) { try DatabaseLock.check(file) }
        let error = #expect(throws: LockHeld.self) { _ = try DatabaseLock(file, holder: "process 8") }
        #expect(error?.holder == (name == "b.db" ? nil : "process 7"))
      }
      lock.release()
      #expect(try folder.names() == ["a.db", "b.db", "c.db"])
      try DatabaseLock.check(DatabaseFile(folder.path("b.db")))
      let other = try DatabaseLock(DatabaseFile(folder.path("b.db")), holder: "process 8")
      #expect(!other.madeDatabase)
      #expect(throws: LockHeld.self) { _ = try DatabaseLock(first, holder: "process 7") }
    }
  }
}
