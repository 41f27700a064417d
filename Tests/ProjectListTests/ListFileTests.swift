import Foundation
import InventoryModel
import ProjectList
import Testing

@Suite("Lists in files")
struct ListFileTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("list-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  private func ids(ofListAt path: String) throws -> [String] {
    var list = try ProjectListReader(ListFile(path: path), path: path)
    var ids: [String] = []
    while let row = try list.next() { ids.append(row.projectID) }
    return ids
  }

  @Test("A file is read")
  func file() throws {
    try withFolder { folder in
      let path = folder + "/projects.csv"
      try Data("project_id,name\np1,a\np2,b\n".utf8).write(to: URL(fileURLWithPath: path))
      #expect(try ids(ofListAt: path) == ["p1", "p2"])
    }
  }

  @Test("A FIFO streams")
  func fifo() throws {
    try withFolder { folder in
      let path = folder + "/fifo"
      try #require(mkfifo(path, 0o600) == 0)
      Thread.detachNewThread {
        guard let writer = FileHandle(forWritingAtPath: path) else { return }
        try? writer.write(contentsOf: Data("project_id\n".utf8))
        for row in 1...20_000 { try? writer.write(contentsOf: Data("project-\(row)\n".utf8)) }
        try? writer.close()
      }
      #expect(try ids(ofListAt: path) == (1...20_000).map { "project-\($0)" })
    }
  }

  @Test("A missing file is told by its path")
  func missing() throws {
    try withFolder { folder in
      let path = folder + "/missing.csv"
      let error = #expect(throws: ListError.self) { try ListFile(path: path) }
      #expect(error == .cannotOpen(path: path, reason: "no such file or directory"))
      #expect(error?.isAboutAccess == true)
      #expect(error?.description == "\(path): the list can't be opened: no such file or directory")
    }
  }

  @Test("A folder is told by its path")
  func folder() throws {
    try withFolder { folder in
      let error = #expect(throws: ListError.self) { try ListFile(path: folder) }
      #expect(error == .cannotOpen(path: folder, reason: "is a directory"))
    }
  }

  #if os(Linux)
    @Test("A read that the system refuses is told, not taken for the list's end")
    func readError() throws {
      let path = "/proc/self/mem"
      let error = #expect(throws: ListError.self) { try ids(ofListAt: path) }
      #expect(error == .cannotRead(path: path, reason: "input/output error"))
      #expect(error?.isAboutAccess == true)
    }
  #endif

  @Test("An empty file is refused")
  func empty() throws {
    try withFolder { folder in
      let path = folder + "/empty.csv"
      try Data().write(to: URL(fileURLWithPath: path))
      #expect(throws: ListError.empty(path: path)) { try ids(ofListAt: path) }
    }
  }
}
